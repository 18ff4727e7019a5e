package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Connections that only take room: idle ones, half requests, bodies that do not come. Others are served all the same. */
@Tag("slow")
@Order(8)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SharedCluster.Of
class CrowdsIT {
    private static final int CROWD = 150;

    /** At each of the two servers; with a small limit of open files fewer, but no crowd is smaller than the least. */
    private static final int IDLE = 5_000;

    private static final int LEAST_IDLE = 1_000;

    /** Of those idle ones at each server; the others have not even said who they are. */
    private static final int SHAKEN_HANDS = 200;

    private static final int PER_ADDRESS = 500;

    private static final int LAST = Integer.MAX_VALUE;

    private static final int OTHER_FILES = 2_000;

    /** An answer takes some milliseconds; who waits for a crowd to go away waits for a minute. */
    private static final Duration SERVED = Duration.ofSeconds(10);

    private final TestCluster cluster;
    private final Http http;
    private final List<Socket> crowd = new ArrayList<>();
    private final Map<String, Socket> stopped = new LinkedHashMap<>();

    CrowdsIT(TestCluster cluster) {
        this.cluster = cluster;
        this.http = cluster.http();
    }

    /** The minute after which they are given up passes while the other tests run. */
    @BeforeAll
    void stopInTheMidst() throws IOException {
        for (URI server : servers()) {
            String name = "crowds/stopped-" + server.getPort();
            stopped.put(name, say(server, put(server, name, 100_000) + "x"));
        }
        crowd.clear();
    }

    @AfterEach
    void goHome() throws IOException {
        for (Socket one : crowd) {
            one.close();
        }
        crowd.clear();
    }

    private List<URI> servers() {
        return List.of(cluster.url(), cluster.urlOf("sn1"));
    }

    private String put(URI server, String name, int bytes) {
        return "PUT /api/v1/files/admin/" + name + " HTTP/1.1\r\nHost: " + server.getAuthority()
                + "\r\nAuthorization: Basic "
                + Base64.getEncoder().encodeToString(("admin:" + cluster.password()).getBytes(UTF_8))
                + "\r\nContent-Length: " + bytes + "\r\n\r\n";
    }

    private Socket say(URI server, String beginning) throws IOException {
        Socket socket = RawHttp.connect(server);
        crowd.add(socket);
        socket.getOutputStream().write(beginning.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
        return socket;
    }

    private void assertServed(String name) {
        Instant began = Instant.now();
        byte[] bytes = Bytes.random(10_000, 9);
        http.put(cluster.api("files", "admin/crowds/" + name), bytes).expect(201);
        assertThat(http.follow(cluster.api("files", "admin/crowds/" + name))
                        .expect(200)
                        .bytes())
                .isEqualTo(bytes);
        for (URI server : servers()) {
            Http.anonymous().get(server.resolve("/health/live")).expect(200);
        }
        assertThat(Duration.between(began, Instant.now())).isLessThan(Patience.promised(SERVED));
    }

    @Test
    void idleConnectionsAreInNobodysWay() throws IOException {
        var system = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class);
        long idle = Math.min(IDLE, (system.getMaxFileDescriptorCount() - OTHER_FILES) / 2);
        assumeThat(idle)
                .as("idle connections at each server that the limit of open files leaves to this test")
                .isGreaterThanOrEqualTo(LEAST_IDLE);
        for (URI server : servers()) {
            for (int i = 0; i < SHAKEN_HANDS; i++) {
                Socket socket = RawHttp.connect(server);
                crowd.add(socket);
                if (socket instanceof SSLSocket within) {
                    within.startHandshake();
                }
            }
            for (int i = SHAKEN_HANDS; i < idle; i++) {
                // Of one address there are not so many.
                InetAddress source = InetAddress.getByName("127.0.1." + (1 + i / PER_ADDRESS));
                crowd.add(new Socket(server.getHost(), server.getPort(), source, 0));
            }
        }
        assertServed("idle");
    }

    @Test
    void halfRequestsAreInNobodysWay() throws IOException {
        for (URI server : servers()) {
            for (int i = 0; i < CROWD; i++) {
                var unused = say(server, "GET /api/v1/nodes HTTP/1.1\r\nHost: x\r\nX-Slow: ");
            }
        }
        assertServed("half");
    }

    @Test
    void bodiesThatDoNotComeAreInNobodysWay() throws IOException {
        for (URI server : servers()) {
            for (int i = 0; i < CROWD / 5; i++) {
                var unused = say(server, put(server, "crowds/slow-" + server.getPort() + "-" + i, 100_000) + "x");
            }
        }
        assertServed("bodies");
    }

    /** A transfer without a byte ends after a minute, and its name is free. */
    @Test
    @Order(LAST)
    void aBodyThatStopsIsNotWaitedForForEver() throws IOException {
        for (var upload : stopped.entrySet()) {
            String answer = answer(upload.getValue());
            if (!answer.isEmpty()) {
                assertThat(RawHttp.status(answer)).as(answer).isBetween(400, 503);
                assertThat(answer).doesNotContain("\tat ", "Exception", "<html");
            }
            await().atMost(SERVED)
                    .until(() -> http.put(cluster.api("files", "admin/" + upload.getKey()), new byte[1])
                                    .status()
                            == 201);
        }
    }

    /** The beginning of the answer, or nothing when the server just hangs up. */
    private static String answer(Socket socket) throws IOException {
        socket.setSoTimeout(90_000);
        try {
            byte[] bytes = new byte[8_192];
            int read = socket.getInputStream().read(bytes);
            return new String(bytes, 0, Math.max(0, read), ISO_8859_1);
        } catch (SocketException | SSLException e) {
            return "";
        }
    }
}
