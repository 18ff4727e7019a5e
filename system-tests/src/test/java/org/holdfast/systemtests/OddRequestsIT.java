package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Requests that are wrong in a few places, at a storage node and at a master: a refusal in our own words or silence, never a
 * 5xx, never an error of ours in a log, never an answer that is late; and afterwards all others are served as before.
 *
 * <p>A failure names the request as a line for {@code odd-requests.txt} in the test resources, whose lines are sent again at
 * each run of the tests. It searches for half of {@code holdfast.fuzz.minutes}; the other half is for parsers.
 */
@Order(7)
@SharedCluster.Of
class OddRequestsIT {
    private static final int BATCH = 200;
    private static final int SENDERS = 4;
    private static final String DEFAULT_MINUTES = "10";

    /** A request whose end does not come is waited for, by the server for longer than by this test. */
    private static final int SILENCE_MILLIS = 500;

    private static final Duration IN_TIME = Duration.ofSeconds(1).plusMillis(SILENCE_MILLIS);

    /** Transfer encodings and versions of HTTP that are not understood (RFC 9110, sections 15.6.2 and 15.6.6). */
    private static final Set<Integer> RIGHT_5XX = Set.of(501, 505);

    private final TestCluster cluster;
    private final List<URI> servers;

    OddRequestsIT(TestCluster cluster) {
        this.cluster = cluster;
        this.servers = List.of(cluster.urlOf("sn1"), cluster.url());
    }

    /** Those of one test must not slow down the next. */
    @AfterEach
    void forgetGuesses() {
        var unused = cluster.sql("DELETE FROM sign_in_failure");
    }

    private static Duration length() {
        double minutes = Double.parseDouble(System.getProperty("holdfast.fuzz.minutes", DEFAULT_MINUTES));
        return Duration.ofMillis(Math.round(minutes * 60_000 / 2));
    }

    @Test
    void whatWasOddOnceIsAnsweredRightly() throws Exception {
        List<String> lines;
        try (var in = OddRequestsIT.class.getResourceAsStream("/odd-requests.txt")) {
            lines = new String(in.readAllBytes(), ISO_8859_1).lines().toList();
        }
        send(lines.stream().map(OddRequests::unescaped).toList());
    }

    @Tag("night")
    @Test
    void whateverIsOddIsAnsweredRightly() throws Exception {
        long seed = Long.getLong("holdfast.fuzz.seed", System.nanoTime());
        long end = System.nanoTime() + length().toNanos();
        long sent = 0;
        while (System.nanoTime() < end) {
            List<String> batch = new ArrayList<>();
            for (int at = 0; at < BATCH; at++) {
                batch.add(OddRequests.of(seed + sent));
                sent++;
            }
            send(batch);
        }
        System.Logger log = System.getLogger(OddRequestsIT.class.getName());
        log.log(System.Logger.Level.INFO, "{0} odd requests from seed {1}", sent, seed);
    }

    private void send(List<String> requests) throws Exception {
        List<Log> logs = List.of(log("sn1"), log("m1"));
        var senders = Executors.newFixedThreadPool(SENDERS);
        try {
            List<Callable<Boolean>> all = new ArrayList<>();
            for (String request : requests) {
                for (URI server : servers) {
                    all.add(() -> check(server, request));
                }
            }
            for (var one : senders.invokeAll(all)) {
                assertThat(one.get()).isTrue();
            }
        } finally {
            senders.shutdownNow();
        }
        for (Log log : logs) {
            assertThat(log.more())
                    .as("log after: "
                            + requests.stream().map(OddRequests::escaped).toList())
                    .doesNotContain("SEVERE org.holdfast");
        }
        for (URI server : servers) {
            Http.anonymous().get(server.resolve("/health/ready")).expect(200);
        }
    }

    private static boolean check(URI server, String request) {
        long began = System.nanoTime();
        String answer = answer(server, request);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        String what = OddRequests.escaped(request) + " at " + server + ":\n" + answer;
        if (answer.isEmpty()) {
            return true;
        }
        int status = RawHttp.status(answer);
        assertThat(status).as(what).isPositive();
        assertThat(status < 500 || RIGHT_5XX.contains(status)).as(what).isTrue();
        if (status >= 400) {
            assertThat(answer)
                    .as(what)
                    .doesNotContain(
                            "<html", "<HTML", "Payara", "GlassFish", "Grizzly", "\tat ", "java.lang", "Caused by");
            // The container refuses some in its own way: without a word, or with the connection.
            if (!answer.endsWith("\r\n\r\n")) {
                assertThat(answer).as(what).containsAnyOf("\"code\":", "onnection: close");
            }
        }
        // Asked only where it matters: it takes time itself.
        assertThat(took.compareTo(IN_TIME) < 0 || took.compareTo(Patience.promised(IN_TIME)) < 0)
                .as(took + " for " + what)
                .isTrue();
        return true;
    }

    /** All that comes back until the server hangs up or is silent. */
    private static String answer(URI server, String request) {
        var answer = new StringBuilder();
        try (var socket = RawHttp.connect(server)) {
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            byte[] buffer = new byte[8192];
            int read = socket.getInputStream().read(buffer);
            // What follows the first answer belongs to the next one: it comes at once, or waits for us.
            socket.setSoTimeout(SILENCE_MILLIS / 10);
            while (read >= 0) {
                answer.append(new String(buffer, 0, read, ISO_8859_1));
                read = socket.getInputStream().read(buffer);
            }
        } catch (SocketTimeoutException | SocketException | SSLException e) {
            return answer.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer.toString();
    }

    private Log log(String component) throws IOException {
        Path file = cluster.data().resolve("logs/" + component + ".log");
        return new Log(file, Files.size(file));
    }

    private record Log(Path file, long begin) {
        String more() throws IOException {
            byte[] all = Files.readAllBytes(file);
            return new String(
                    all, (int) Math.min(begin, all.length), (int) Math.max(0, all.length - begin), ISO_8859_1);
        }
    }
}
