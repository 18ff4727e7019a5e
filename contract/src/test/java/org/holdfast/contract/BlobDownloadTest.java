package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BlobDownloadTest {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final Duration STALL = Duration.ofSeconds(1);

    @Test
    void reads_a_body_of_announced_length_and_not_beyond() throws Exception {
        assertThat(body("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, world"))
                .isEqualTo("hello");
    }

    @Test
    void reads_chunks_with_extensions_and_trailer() throws Exception {
        assertThat(body("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "5;x=y\r\nhello\r\nA\r\n, world !!\r\n0\r\nDigest: z\r\n\r\nrest"))
                .isEqualTo("hello, world !!");
    }

    @Test
    void reads_to_the_end_of_the_connection_where_no_length_is_told() throws Exception {
        assertThat(body("HTTP/1.0 200 OK\n\nall of it")).isEqualTo("all of it");
    }

    @Test
    void a_body_cut_short_is_a_failure_and_never_a_short_file() {
        for (String answer : new String[] {
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
        }) {
            assertThatExceptionOfType(EOFException.class).isThrownBy(() -> body(answer));
        }
    }

    @Test
    void chunks_that_lie_are_a_failure() {
        for (String chunks :
                new String[] {"5\r\nhello!\r\n0\r\n\r\n", "-5\r\nhello", "\r\n", "FFFFFFFFFFFFFFFFF\r\n"}) {
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> body("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks));
        }
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> body("HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello"));
    }

    @Test
    void a_node_that_falls_silent_is_a_time_out() throws Exception {
        try (var server = new ScriptedServer(connection -> {
                    ScriptedServer.readHead(connection);
                    ScriptedServer.say(connection, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhel");
                });
                var connected = BlobDownload.connect(server.uri(), CONNECT, STALL);
                var download = connected.get()) {
            assertThat(download.body().readNBytes(3)).hasSize(3);
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> download.body().read());
        }
    }

    @Test
    void a_refusal_brings_its_reason_and_its_wait() throws Exception {
        try (var server = ScriptedServer.answering(
                        "HTTP/1.1 503 Busy\r\nretry-after: 30\r\nContent-Length: 2\r\n\r\n{}");
                var connected = BlobDownload.connect(server.uri(), CONNECT, PATIENT);
                var download = connected.get()) {
            assertThat(download.status()).isEqualTo(503);
            assertThat(download.refusal().retryAfter()).contains(Duration.ofSeconds(30));
        }
    }

    private static String body(String answer) throws IOException {
        try (var server = ScriptedServer.answering(answer);
                var connected = BlobDownload.connect(server.uri(), CONNECT, PATIENT);
                var download = connected.get()) {
            return new String(download.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
