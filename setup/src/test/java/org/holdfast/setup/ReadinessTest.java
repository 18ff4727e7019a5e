package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    @Test
    void anAnswerThatIsNotTheExpectedOneIsToldWithWhyNobodyLetsTheNodeIn() throws IOException {
        String health = """
                {"status":"DOWN","checks":[{"name":"membership","status":"DOWN",
                "data":{"masters":"","name":"sn1","refusal":"%s"}}]}""";
        assertThat(complaint(503, health.formatted("certificate-removed")))
                .endsWith("/ answers 503 (certificate-removed)");
        assertThat(complaint(503, health.formatted(""))).endsWith("/ answers 503");
        assertThat(complaint(404, "")).endsWith("/ answers 404");
        assertThat(complaint(200, health.formatted(""))).isEmpty();
    }

    private static String complaint(int status, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] bytes = body.getBytes(UTF_8);
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            return Readiness.http(url, Set.of(200)).complaint();
        } finally {
            server.stop(0);
        }
    }
}
