package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterCallTest {
    private final SignedCall signature = new SignedCall(
            "sn1",
            SecretKeys.parse(List.of("k1:" + "cd".repeat(32))),
            Clock.fixed(Instant.parse("2026-05-01T12:00:00Z"), ZoneOffset.UTC));
    private final ClusterCall calls = new ClusterCall(signature, Duration.ofSeconds(2));
    private final HttpServer server;

    ClusterCallTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    }

    @BeforeEach
    void start() {
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                int status = 200;
                try {
                    signature.verify(
                            exchange.getRequestHeaders().getFirst("Authorization"),
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().toASCIIString(),
                            body);
                } catch (HoldfastException e) {
                    status = 401;
                }
                exchange.getResponseHeaders().set("Retry-After", "5");
                exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void signs_exactly_what_arrives() throws Exception {
        var body = Json.createObjectBuilder().add("name", "Grüße 🐙").build();
        var answer =
                calls.send("POST", uri("/internal/v1/x%2Fy?q=%C3%A4&r=1"), Optional.of(body), Duration.ofSeconds(5));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).contains(body);
        assertThat(answer.retryAfter()).contains(Duration.ofSeconds(5));
        assertThat(calls.sendAsync("DELETE", uri("/internal/v1/x"), Optional.empty(), Duration.ofSeconds(5))
                        .join()
                        .isSuccess())
                .isTrue();
    }

    @Test
    void waits_no_longer_than_it_was_told() throws Exception {
        try (var silent = new ScriptedServer(ScriptedServer::readHead)) {
            assertThatExceptionOfType(HttpTimeoutException.class)
                    .isThrownBy(() -> calls.send("GET", silent.uri(), Optional.empty(), Duration.ofMillis(200)));
        }
    }

    @Test
    void a_body_that_is_no_object_is_none() {
        assertThat(new ClusterCall.Answer(200, "[1]").json()).isEmpty();
        assertThat(new ClusterCall.Answer(200, "<html>").json()).isEmpty();
        assertThat(new ClusterCall.Answer(200, "").json()).isEmpty();
        assertThat(new ClusterCall.Answer(299, "").isSuccess()).isTrue();
        assertThat(new ClusterCall.Answer(300, "").isSuccess()).isFalse();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }
}
