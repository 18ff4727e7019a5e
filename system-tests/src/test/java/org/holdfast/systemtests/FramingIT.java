package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a body begins and ends, at a master and at a node. */
@Order(7)
@SharedCluster.Of
class FramingIT {
    private static final byte[] CHUNKS = "5\r\nhello\r\n0\r\n\r\n".getBytes(ISO_8859_1);
    private static final int PATIENCE_MILLIS = 20_000;

    private final TestCluster cluster;
    private final Http http;

    FramingIT(TestCluster cluster) {
        this.cluster = cluster;
        this.http = cluster.http();
    }

    private List<URI> servers() {
        return List.of(cluster.url(), cluster.urlOf("sn1"));
    }

    private static String put(String name, String user, String password, String framing) {
        return "PUT /api/v1/files/admin/framing/" + name + " HTTP/1.1\r\nAuthorization: Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8)) + "\r\n" + framing;
    }

    private Socket begin(URI server, String head, byte[] body) throws IOException {
        Socket socket = RawHttp.begin(server, head, body);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: identity, chunked",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunkedx",
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5"
            })
    void aBodyThatIsNotUnderstoodIsRefusedAndNothingIsStored(String framing) throws IOException {
        for (URI server : servers()) {
            String name = "odd-" + framing.hashCode() + "-" + server.getPort();
            try (var socket = begin(server, put(name, "admin", cluster.password(), framing), CHUNKS)) {
                // To its end: the server hangs up by itself.
                String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
                assertThat(RawHttp.status(answer)).as(framing + "\n" + answer).isIn(400, 501);
                assertThat(answer).containsOnlyOnce("HTTP/1.1 ").containsIgnoringCase("Connection: close");
            }
            http.head(cluster.api("files", "admin/framing/" + name)).expect(404);
        }
    }

    @Test
    void whatIsAskedForDoesNotMatter() throws IOException {
        for (URI server : servers()) {
            for (String asked : List.of("GET /health/live", "POST /api/v1/session", "DELETE /api/v1/files/admin/x")) {
                String head = asked + " HTTP/1.1\r\nTransfer-Encoding: xchunked";
                try (var socket = begin(server, head, CHUNKS)) {
                    String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
                    assertThat(RawHttp.status(answer)).as(asked).isEqualTo(501);
                    assertThat(answer).containsOnlyOnce("HTTP/1.1 ").contains("application/problem+json");
                }
            }
        }
    }

    @Test
    void whoWaitsForHundredContinueGetsItBeforeTheFirstChunk() throws IOException {
        for (URI server : servers()) {
            String name = "awaited-" + server.getPort();
            String framing = "Transfer-Encoding: chunked\r\nExpect: 100-continue";
            try (var socket = begin(server, put(name, "admin", cluster.password(), framing), new byte[0])) {
                assertThat(answer(socket)).startsWith("HTTP/1.1 100 ");
                socket.getOutputStream().write(CHUNKS);
                socket.getOutputStream().flush();
                assertThat(RawHttp.status(answer(socket))).isEqualTo(201);
            }
            assertThat(http.follow(cluster.api("files", "admin/framing/" + name))
                            .expect(200)
                            .text())
                    .isEqualTo("hello");
        }
    }

    @Test
    void whoMayNotIsRefusedBeforeTheFirstChunk() throws IOException {
        for (URI server : servers()) {
            String framing = "Transfer-Encoding: chunked\r\nExpect: 100-continue";
            try (var socket = begin(server, put("refused", "nobody", "x", framing), new byte[0])) {
                String answer = answer(socket);
                assertThat(answer.startsWith("HTTP/1.1 100 ") ? answer(socket) : answer)
                        .contains("HTTP/1.1 401 ");
            }
        }
    }

    /** The next bytes that come, up to an empty line. */
    private static String answer(Socket socket) throws IOException {
        var text = new StringBuilder();
        while (!text.toString().endsWith("\r\n\r\n")) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                break;
            }
            text.append((char) octet);
        }
        return text.toString();
    }
}
