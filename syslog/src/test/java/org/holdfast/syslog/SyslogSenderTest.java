package org.holdfast.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against real sockets. */
@Timeout(60)
class SyslogSenderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private Optional<SyslogSender> open = Optional.empty();

    @AfterEach
    void close() {
        open.ifPresent(SyslogSender::close);
    }

    private SyslogSender sender(String url) {
        var config = SyslogConfig.of(name ->
                        Optional.ofNullable(Map.of("holdfast.syslog.url", url).get(name)))
                .orElseThrow();
        SyslogSender sender = SyslogSender.of(config).start(work -> {
            var thread = new Thread(work, "sender");
            thread.setDaemon(true);
            return thread;
        });
        open = Optional.of(sender);
        return sender;
    }

    private static ServerSocket anyPort() throws IOException {
        return new ServerSocket(0, 50, HERE);
    }

    @Test
    void datagramsHoldOneMessageEach() throws Exception {
        try (var receiver = new DatagramSocket(0, HERE)) {
            receiver.setSoTimeout(10_000);
            SyslogSender sender = sender("udp://127.0.0.1:" + receiver.getLocalPort());
            sender.offer(Records.of("anna/one"));
            sender.offer(Records.of("anna/two"));
            for (String name : new String[] {"anna/one", "anna/two"}) {
                var packet = new DatagramPacket(new byte[65_536], 65_536);
                receiver.receive(packet);
                assertThat(new String(packet.getData(), 0, packet.getLength(), UTF_8))
                        .startsWith("<134>1 2026-03-01T12:00:00.123Z ")
                        .contains("[holdfast@32473 ", " object=\"" + name + "\"")
                        .endsWith("files.get " + name + " 200");
            }
        }
    }

    @Test
    void streamsCountOctets() throws Exception {
        try (var receiver = new Frames(anyPort())) {
            SyslogSender sender = sender("tcp://127.0.0.1:" + receiver.port());
            for (int number = 0; number < 500; number++) {
                sender.offer(Records.of("anna/bücher " + number));
            }
            await().atMost(PATIENCE).until(() -> receiver.messages().size() == 500);
            for (int number = 0; number < 500; number++) {
                assertThat(receiver.messages().get(number))
                        .startsWith("<134>1 ")
                        .endsWith("files.get anna/bücher " + number + " 200");
            }
            assertThat(receiver.connections()).isEqualTo(1);
            assertThat(sender.dropped()).isZero();
        }
    }

    @Test
    void whatWasOfferedWhileTheReceiverWasAwayComesWhenItIsThere() throws Exception {
        int port;
        try (ServerSocket reserved = anyPort()) {
            port = reserved.getLocalPort();
        }
        SyslogSender sender = sender("tcp://127.0.0.1:" + port);
        sender.offer(Records.of("anna/early"));
        await().pollDelay(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> sender.sent() == 0);
        try (var receiver = new Frames(new ServerSocket(port, 50, HERE))) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(receiver.messages())
                            .singleElement()
                            .asString()
                            .endsWith("anna/early 200"));
        }
    }

    @Test
    void itConnectsAgainWhenTheReceiverHasHungUpAndLosesNothing() throws Exception {
        try (var receiver = new Frames(anyPort())) {
            SyslogSender sender = sender("tcp://127.0.0.1:" + receiver.port());
            sender.offer(Records.of("anna/before"));
            await().atMost(PATIENCE).until(() -> receiver.messages().size() == 1);
            receiver.hangUp();
            // Longer than what counts as a pause: before the next message it looks whether somebody is there.
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            sender.offer(Records.of("anna/after"));
            await().atMost(PATIENCE).until(() -> receiver.messages().size() == 2);
            assertThat(receiver.messages().get(1)).endsWith("anna/after 200");
            assertThat(receiver.connections()).isEqualTo(2);
        }
    }

    @Test
    void aReceiverThatNeverReadsHoldsNobodyUpAndTheOldestAreDroppedAndCounted() throws Exception {
        // Nobody accepts: the kernel takes the connection and some hundred kilobytes, then nothing more.
        try (ServerSocket deaf = anyPort()) {
            SyslogSender sender = sender("tcp://127.0.0.1:" + deaf.getLocalPort());
            var record = Records.of("anna/" + "x".repeat(1_000));
            long begun = System.nanoTime();
            int offered = 5 * SyslogSender.MOST_WAITING;
            for (int number = 0; number < offered; number++) {
                sender.offer(record);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
            assertThat(sender.dropped()).isPositive();
            assertThat(sender.sent() + sender.dropped()).isLessThanOrEqualTo(offered);
            sender.close();
        }
    }

    @Test
    void withoutAnyReceiverOnlyTheNewestWait() throws Exception {
        int port;
        try (ServerSocket reserved = anyPort()) {
            port = reserved.getLocalPort();
        }
        SyslogSender sender = sender("tcp://127.0.0.1:" + port);
        var record = Records.of("anna/a");
        for (int number = 0; number < SyslogSender.MOST_WAITING + 7; number++) {
            sender.offer(record);
        }
        assertThat(sender.dropped()).isEqualTo(7);
    }
}
