package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BlobUploadTest {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final Duration IMPATIENT = Duration.ofMillis(400);
    private static final String FULL = "HTTP/1.1 507 Insufficient Storage\r\nContent-Type: application/problem+json\r\n"
            + "Retry-After: 7\r\nContent-Length: 15\r\n\r\n{\"code\":\"full\"}";

    @Test
    void sends_the_bytes_with_their_length_and_gives_the_answer() throws Exception {
        var head = new CompletableFuture<String>();
        var body = new CompletableFuture<byte[]>();
        try (var server = new ScriptedServer(connection -> {
                    head.complete(ScriptedServer.readHead(connection));
                    body.complete(connection.getInputStream().readNBytes(6));
                    ScriptedServer.say(
                            connection,
                            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}");
                });
                var upload = BlobUpload.open(server.uri(), 6, Map.of("Content-Type", "x/y"), CONNECT, PATIENT)) {
            upload.body().write("abc".getBytes(StandardCharsets.US_ASCII));
            upload.body().write("xdefx".getBytes(StandardCharsets.US_ASCII), 1, 3);
            assertThat(upload.finish()).isEqualTo(new ClusterCall.Answer(201, "{}"));
        }
        assertThat(head.get(5, TimeUnit.SECONDS))
                .startsWith("PUT /blobs/X?ticket=t%20t HTTP/1.1\r\nHost: 127.0.0.1:")
                .contains("Content-Length: 6\r\n", "Content-Type: x/y\r\n");
        assertThat(body.get(5, TimeUnit.SECONDS)).asString().isEqualTo("abcdef");
    }

    @Test
    void sends_chunks_where_the_length_is_unknown() throws Exception {
        var wire = new CompletableFuture<String>();
        try (var server = new ScriptedServer(connection -> {
                    assertThat(ScriptedServer.readHead(connection)).contains("Transfer-Encoding: chunked");
                    var received = new ByteArrayOutputStream();
                    while (!received.toString(StandardCharsets.US_ASCII).endsWith("0\r\n\r\n")) {
                        received.write(connection.getInputStream().read());
                    }
                    wire.complete(received.toString(StandardCharsets.US_ASCII));
                    ScriptedServer.say(connection, "HTTP/1.1 204 No Content\r\n\r\n");
                });
                var upload = BlobUpload.open(server.uri(), BlobFacts.UNKNOWN_SIZE, Map.of(), CONNECT, PATIENT)) {
            upload.body().write("hello world".getBytes(StandardCharsets.US_ASCII));
            upload.body().write(new byte[0]);
            upload.body().write('!');
            assertThat(upload.finish().status()).isEqualTo(204);
        }
        assertThat(wire.get(5, TimeUnit.SECONDS)).isEqualTo("b\r\nhello world\r\n1\r\n!\r\n0\r\n\r\n");
    }

    @Test
    void a_full_node_that_answers_early_and_closes_is_heard() throws Exception {
        try (var server = ScriptedServer.answering(FULL);
                var upload = BlobUpload.open(server.uri(), 1L << 32, Map.of(), CONNECT, PATIENT)) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> writeForEver(upload.body()));
            assertThat(upload.earlyAnswer().status()).isEqualTo(507);
            assertThat(upload.earlyAnswer().retryAfter()).contains(Duration.ofSeconds(7));
            assertThat(upload.earlyAnswer().json().orElseThrow().getString("code"))
                    .isEqualTo("full");
        }
    }

    @Test
    void a_node_that_answers_early_and_goes_on_reading_is_heard_at_once() throws Exception {
        try (var server = new ScriptedServer(connection -> {
                    ScriptedServer.readHead(connection);
                    ScriptedServer.say(connection, FULL);
                    connection.getInputStream().transferTo(OutputStream.nullOutputStream());
                });
                var upload = BlobUpload.open(server.uri(), BlobFacts.UNKNOWN_SIZE, Map.of(), CONNECT, PATIENT)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> writeForEver(upload.body()))
                    .withMessage("the node answered before the end of the body");
            assertThat(upload.finish().status()).isEqualTo(507);
        }
    }

    @Test
    void a_small_body_that_was_refused_unread_still_gives_the_answer() throws Exception {
        try (var server = ScriptedServer.answering(FULL);
                var upload = BlobUpload.open(server.uri(), 4096, Map.of(), CONNECT, PATIENT)) {
            upload.body().write(new byte[4096]);
            assertThat(upload.finish().status()).isEqualTo(507);
        }
    }

    @Test
    void a_broken_connection_has_no_early_answer() throws Exception {
        try (var server = new ScriptedServer(connection -> {
                    ScriptedServer.readHead(connection);
                    connection.setSoLinger(true, 0);
                    connection.close();
                });
                var upload = BlobUpload.open(server.uri(), 1L << 32, Map.of(), CONNECT, PATIENT)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> writeForEver(upload.body()))
                    .isNotInstanceOf(SocketTimeoutException.class);
            assertThatExceptionOfType(IOException.class).isThrownBy(upload::earlyAnswer);
        }
    }

    @Test
    void a_node_that_stops_reading_is_a_stall() throws Exception {
        try (var server = new ScriptedServer(ScriptedServer::readHead);
                var upload = BlobUpload.open(server.uri(), 1L << 32, Map.of(), CONNECT, IMPATIENT)) {
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> writeForEver(upload.body()))
                    .withMessageContaining("stall");
        }
    }

    @Test
    void a_slow_caller_is_no_stall() throws Exception {
        try (var server = new ScriptedServer(connection -> {
                    ScriptedServer.readHead(connection);
                    connection.getInputStream().readNBytes(2);
                    ScriptedServer.say(connection, "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
                });
                var upload = BlobUpload.open(server.uri(), 2, Map.of(), CONNECT, Duration.ofSeconds(1))) {
            upload.body().write(1);
            upload.body().flush();
            assertThat(new CompletableFuture<>()
                            .completeOnTimeout("", 1500, TimeUnit.MILLISECONDS)
                            .get())
                    .isEqualTo("");
            upload.body().write(2);
            assertThat(upload.finish().status()).isEqualTo(201);
        }
    }

    @Test
    void a_node_that_never_answers_is_a_time_out() throws Exception {
        try (var server = new ScriptedServer(ScriptedServer::readHead);
                var upload = BlobUpload.open(server.uri(), 0, Map.of(), CONNECT, IMPATIENT)) {
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(upload::finish);
        }
    }

    @Test
    void nothing_is_taken_from_the_caller_when_nobody_listens() throws Exception {
        URI nowhere;
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nowhere = URI.create("http://127.0.0.1:" + probe.getLocalPort() + "/blobs/X");
        }
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> BlobUpload.open(nowhere, 1, Map.of(), CONNECT, PATIENT));
    }

    @Test
    void more_or_fewer_bytes_than_announced_are_refused_here() throws Exception {
        try (var server = new ScriptedServer(ScriptedServer::readHead)) {
            try (var upload = BlobUpload.open(server.uri(), 3, Map.of(), CONNECT, PATIENT)) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> upload.body().write(new byte[4]))
                        .withMessageContaining("more bytes");
            }
            try (var upload = BlobUpload.open(server.uri(), 3, Map.of(), CONNECT, PATIENT)) {
                upload.body().write(new byte[2]);
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(upload::finish)
                        .withMessageContaining("1 bytes less");
            }
        }
    }

    @Test
    void closing_from_another_thread_ends_a_write_that_blocks() throws Exception {
        try (var server = new ScriptedServer(ScriptedServer::readHead)) {
            var upload = BlobUpload.open(server.uri(), 1L << 32, Map.of(), CONNECT, PATIENT);
            CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(upload::close);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> writeForEver(upload.body()));
        }
    }

    @Test
    void a_header_can_not_carry_a_second_one() throws Exception {
        try (var server = new ScriptedServer(Socket::getInputStream)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            BlobUpload.open(server.uri(), 1, Map.of("Content-Type", "a\r\nX: y"), CONNECT, PATIENT));
        }
    }

    @Test
    void an_answer_that_is_no_http_or_too_long_is_a_failure() throws Exception {
        for (String answer : new String[] {
            "SSH-2.0-x\r\n\r\n", "HTTP/1.1 2OO OK\r\n\r\n", "", "HTTP/1.1 200 OK\r\nX: " + "y".repeat(70_000)
        }) {
            try (var server = ScriptedServer.answering(answer);
                    var upload = BlobUpload.open(server.uri(), 0, Map.of(), CONNECT, PATIENT)) {
                assertThatExceptionOfType(IOException.class).isThrownBy(upload::finish);
            }
        }
    }

    @Test
    void a_cut_answer_is_a_failure() throws Exception {
        try (var server = ScriptedServer.answering("HTTP/1.1 201 Created\r\nContent-Length: 20\r\n\r\n{}");
                var upload = BlobUpload.open(server.uri(), 0, Map.of(), CONNECT, PATIENT)) {
            assertThatExceptionOfType(EOFException.class).isThrownBy(upload::finish);
        }
    }

    private static void writeForEver(OutputStream out) throws IOException {
        var buffer = new byte[BlobUpload.BUFFER_BYTES];
        for (long sent = 0; sent < 1L << 32; sent += buffer.length) {
            out.write(buffer);
        }
    }
}
