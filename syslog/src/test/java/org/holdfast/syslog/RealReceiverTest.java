package org.holdfast.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real rsyslog understands what is sent. */
@Timeout(120)
class RealReceiverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Optional<Process> receiver = Optional.empty();
    private int port;

    @BeforeEach
    void listen() throws IOException {
        Optional<Path> program = Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(":", -1)), Stream.of("/usr/sbin", "/sbin"))
                .map(place -> Path.of(place, "rsyslogd"))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(program.isPresent(), "rsyslogd is missing: apt-get install rsyslog");
        try (var reserved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = reserved.getLocalPort();
        }
        Path config = Files.writeString(folder.resolve("rsyslog.conf"), """
                global(workDirectory="%1$s" maxMessageSize="64k")
                module(load="imtcp")
                module(load="imudp")
                template(name="fields" type="string"
                         string="%%app-name%% %%procid%% %%msgid%% %%structured-data%% %%msg%%\\n")
                ruleset(name="audit") { action(type="omfile" file="%1$s/received" template="fields") }
                input(type="imtcp" address="127.0.0.1" port="%2$d" ruleset="audit")
                input(type="imudp" address="127.0.0.1" port="%2$d" ruleset="audit")
                """.formatted(folder, port));
        receiver = Optional.of(new ProcessBuilder(
                        program.get().toString(),
                        "-n",
                        "-f",
                        config.toString(),
                        "-i",
                        folder.resolve("pid").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("rsyslogd.txt").toFile())
                .start());
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (receiver.isPresent()) {
            receiver.get().destroy();
            assertThat(receiver.get().waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private List<String> received() throws IOException {
        Path file = folder.resolve("received");
        return Files.exists(file) ? Files.readAllLines(file, UTF_8) : List.of();
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void everyMessageArrivesWholeWithItsFields(String protocol) throws IOException {
        var config = SyslogConfig.of(name -> Optional.of(protocol + "://127.0.0.1:" + port)
                        .filter(url -> name.equals("holdfast.syslog.url")))
                .orElseThrow();
        List<String> names =
                List.of("anna/plain.txt", "anna/bücher 日本 😀.txt", "anna/\"quoted\"]\\", "anna/two\nlines");
        try (SyslogSender sender = SyslogSender.of(config).start(work -> {
            var thread = new Thread(work, "sender");
            thread.setDaemon(true);
            return thread;
        })) {
            names.forEach(name -> sender.offer(Records.of(name)));
            sender.offer(Records.of("x".repeat(4_000), 401, Optional.of("sign-in-required")));
            await().atMost(PATIENCE).until(() -> received().size() == names.size() + 1);
        }
        List<String> lines = received();
        assertThat(lines)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("holdfast m1 files.get [holdfast@32473 id=\"")
                        .contains(" actor=\"anna\" via=\"SESSION\" address=\"192.0.2.7\" "));
        assertThat(lines.get(0)).endsWith("anna from 192.0.2.7: files.get anna/plain.txt 200");
        assertThat(lines.get(1)).contains(" object=\"anna/bücher 日本 😀.txt\" ").endsWith("日本 😀.txt 200");
        assertThat(lines.get(2)).contains(" object=\"anna/\\\"quoted\\\"\\]\\\\\" ");
        assertThat(lines.get(3)).endsWith("files.get anna/two\\u000alines 200");
        assertThat(lines.get(4)).contains(" code=\"sign-in-required\"").endsWith(" 401 sign-in-required");
    }
}
