package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that come byte by byte, or not to their end: none of them holds a thread for long, whoever sends it. */
@Order(7)
@SharedCluster.Of
class TricklesIT {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int PER_ADDRESS = 768;
    private static final int TOO_MANY = 20;
    private static final int PATIENCE_MILLIS = 60_000;
    /** A line of chunks has at most sixteen digits. */
    private static final int PAUSE_MILLIS = 800;

    private static final String HEAD = "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ";
    private static final String COMES_NEVER = "\r\nContent-Type: application/json\r\nContent-Length: 10";
    /** Request and media type. */
    private static final List<String> NO_UPLOADS = List.of(
            "POST /api/v1/password-links/none,application/json",
            "POST /api/v1/password-links/none,application/x-www-form-urlencoded",
            "POST /api/v1/shared/none,application/x-www-form-urlencoded",
            "POST /api/v1/users,application/json",
            "POST /api/v1/users/admin/password,application/json",
            "PATCH /api/v1/namespaces/admin,application/json");

    private static final String SIGNATURE = "\r\nAuthorization: Holdfast member=sn1,key=k1,at=%d,body=%s,signature=%s";

    private final TestCluster cluster;

    TricklesIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    private URI server(String name) {
        return name.equals("m1") ? cluster.url() : cluster.urlOf(name);
    }

    private static Socket begin(URI server, String head) throws IOException {
        Socket socket = RawHttp.begin(server, head, new byte[0]);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** All that comes until the server hangs up, or the time is over. */
    private static String answer(Socket socket) throws IOException {
        var text = new StringBuilder();
        int octet;
        while (!text.toString().endsWith("\"}")
                && (octet = socket.getInputStream().read()) >= 0) {
            text.append((char) octet);
        }
        return text.toString();
    }

    private String basic() {
        return "\r\nAuthorization: Basic "
                + Base64.getEncoder().encodeToString(("admin:" + cluster.password()).getBytes(UTF_8));
    }

    private static String forged() {
        return SIGNATURE.formatted(System.currentTimeMillis(), "00".repeat(32), "11".repeat(32));
    }

    /** What can be seen by the head is refused by the head. */
    @ParameterizedTest
    @CsvSource({
        "m1,POST /internal/v1/commits",
        "m1,POST /internal/v1/commits/known",
        "m1,POST /internal/v1/audit",
        "m1,POST /internal/v1/locks",
        "m1,POST /api/v1/nodes",
        "m1,POST /api/v1/users",
        "m1,PUT /api/v1/files/admin/trickles/x",
        "sn1,POST /internal/v1/ping",
        "sn1,POST /internal/v1/challenges",
        "sn1,POST /internal/v1/catch-up",
        "sn1,POST /api/v1/nodes",
        "sn1,PUT /api/v1/files/admin/trickles/x"
    })
    void strangersAreRefusedBeforeAByteOfTheirBody(String component, String request) throws IOException {
        for (String authorization : List.of("", forged())) {
            try (var socket = begin(server(component), request + " HTTP/1.1" + authorization + COMES_NEVER)) {
                // Less than the deadline of a body, even where the rest of one is waited for in the end.
                socket.setSoTimeout((int) DEADLINE.minusSeconds(1).toMillis());
                String answer = answer(socket);
                assertThat(RawHttp.status(answer))
                        .as(request + authorization + answer)
                        .isIn(401, 404);
            }
        }
    }

    @Test
    void aBodyThatIsNoUploadIsThereSoonOrRefused() throws IOException {
        Map<String, Socket> trickling = new LinkedHashMap<>();
        long began = System.nanoTime();
        try {
            for (String request : NO_UPLOADS) {
                String head = request.replace(",", " HTTP/1.1" + basic() + "\r\nContent-Type: ");
                trickling.put(request, begin(cluster.url(), head + "\r\nTransfer-Encoding: chunked"));
            }
            List<Thread> senders = trickling.values().stream()
                    .map(socket -> trickle(socket, "1000\r\n"))
                    .toList();
            for (var socket : trickling.entrySet()) {
                assertTooSlow(socket.getKey(), answer(socket.getValue()));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(DEADLINE, Patience.promised(DEADLINE.plusSeconds(5)));
            senders.forEach(Thread::interrupt);
        } finally {
            for (Socket socket : trickling.values()) {
                socket.close();
            }
        }
        assertNoTrace("m1");
    }

    /** Of this no byte of a body ever comes, so that nobody is there to answer. */
    @Tag("slow")
    @Test
    void aLineOfChunksThatTricklesEndsItsConnection() throws IOException {
        String head = "POST /api/v1/users HTTP/1.1" + basic() + "\r\nTransfer-Encoding: chunked";
        long began = System.nanoTime();
        try (var socket = begin(server("m1"), head)) {
            Thread trickle = trickle(socket, "", '0');
            await().atMost(Patience.SOON).until(() -> !trickle.isAlive());
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(DEADLINE, Patience.promised(DEADLINE.plusSeconds(5)));
        }
        assertNoTrace("m1");
    }

    private static void assertTooSlow(String request, String answer) {
        assertThat(RawHttp.status(answer)).as(request + "\n" + answer).isEqualTo(408);
        assertThat(answer).contains("\"too-slow\"").containsIgnoringCase("Connection: close");
        assertThat(answer).doesNotContain("\tat ", "Exception");
    }

    private static Thread trickle(Socket socket, String begin) {
        return trickle(socket, begin, 'x');
    }

    private static Thread trickle(Socket socket, String begin, char more) {
        var thread = new Thread(() -> {
            try {
                socket.getOutputStream().write(begin.getBytes(ISO_8859_1));
                while (!Thread.currentThread().isInterrupted()) {
                    socket.getOutputStream().write(more);
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                }
            } catch (IOException | InterruptedException e) {
                // The server has hung up, or the test is over.
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        return thread;
    }

    private void assertNoTrace(String component) throws IOException {
        try (Stream<Path> logs = Files.list(cluster.data().resolve("logs"))) {
            for (Path log : logs.filter(file -> file.getFileName().toString().equals(component + ".log"))
                    .toList()) {
                assertThat(Files.readString(log)).doesNotContain("PromptBody.", "TimeoutException", "GRIZZLY0013");
            }
        }
    }

    @Test
    @Tag("slow")
    void aHeadIsThereWithinAMinute() throws IOException {
        URI node = cluster.urlOf("sn1");
        try (var atMaster = RawHttp.connect(cluster.url());
                var atNode = RawHttp.connect(node)) {
            long began = System.nanoTime();
            for (Thread trickle : List.of(trickle(atMaster, HEAD), trickle(atNode, HEAD))) {
                await().atMost(Patience.SOON).until(() -> !trickle.isAlive());
                assertThat(Duration.ofNanos(System.nanoTime() - began))
                        .isBetween(Duration.ofSeconds(50), Patience.promised(Duration.ofSeconds(75)));
            }
        }
    }

    @Test
    void anAddressHasSoManyConnectionsAndOthersHaveTheirs() throws IOException {
        URI node = cluster.urlOf("sn1");
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < PER_ADDRESS + TOO_MANY; i++) {
                sockets.add(new Socket(node.getHost(), node.getPort(), InetAddress.getByName("127.0.4.1"), 0));
            }
            await().untilAsserted(() -> assertThat(
                            sockets.stream().filter(TricklesIT::isClosed).count())
                    .isEqualTo(TOO_MANY));
            Http.anonymous().get(node.resolve("/health/live")).expect(200);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Tag("slow")
    @Test
    void theWorkersHealthIsInNobodysHand() throws IOException {
        URI worker = cluster.urlOf("worker1");
        try (var first = RawHttp.connect(worker);
                var second = RawHttp.connect(worker);
                var third = RawHttp.connect(worker)) {
            for (Socket socket : List.of(first, second, third)) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.getOutputStream().write("GET /health/live HTTP/1.1\r\nX-Slow: ".getBytes(ISO_8859_1));
            }
            Http.anonymous().get(worker.resolve("/health/live")).expect(200);
            for (Socket socket : List.of(first, second, third)) {
                assertThat(socket.getInputStream().read()).isNegative();
            }
        }
    }
}
