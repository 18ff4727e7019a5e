package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskTimeTest {
    private static final SecretKeys KEYS = SecretKeys.parse(List.of("k1:" + "ab".repeat(32)));
    private static final String NOBODY = "http://127.0.0.1:1";

    private HttpServer server;
    private volatile UnaryOperator<ClockReading> lie = reading -> reading;

    @BeforeEach
    void answer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(ClockReading.PATH, exchange -> {
            String nonce = exchange.getRequestURI().getQuery().replace("node=sn1&nonce=", "");
            var reading = lie.apply(ClockReading.of(nonce, Instant.now(), KEYS));
            byte[] body = reading.toJson().toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String member() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT-1H"})
    void a_clock_that_is_wrong_by_an_hour_follows(Duration wrong) {
        var clock = new ClusterClock(Clock.offset(Clock.systemUTC(), wrong));
        assertThat(new AskTime(clock).from(List.of(NOBODY, member()), "sn1", KEYS))
                .isTrue();
        assertThat(clock.ahead())
                .isBetween(wrong.negated().minusSeconds(3), wrong.negated().plusSeconds(3));
        assertThat(Duration.between(clock.instant(), Instant.now()).abs()).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void a_clock_that_is_right_stays_as_it_is() {
        var clock = new ClusterClock(Clock.systemUTC());
        assertThat(new AskTime(clock).from(List.of(member()), "sn1", KEYS)).isTrue();
        assertThat(clock.ahead()).isZero();
    }

    @Test
    void a_clock_that_was_set_right_is_followed_again() {
        var clock = new ClusterClock(Clock.systemUTC());
        Instant now = Instant.now();
        clock.learn(now.plusSeconds(3_600), now, now);
        assertThat(clock.ahead()).isEqualTo(Duration.ofHours(1));
        assertThat(new AskTime(clock).from(List.of(member()), "sn1", KEYS)).isTrue();
        assertThat(clock.ahead()).isZero();
    }

    @Test
    void nobody_else_is_believed() {
        var clock = new ClusterClock(Clock.systemUTC());
        List<UnaryOperator<ClockReading>> lies = List.of(
                r -> new ClockReading(r.nonce(), r.now().plusSeconds(3_600), r.keyId(), r.seal()),
                r -> ClockReading.of("0".repeat(26), r.now().plusSeconds(3_600), KEYS),
                r -> ClockReading.of(
                        r.nonce(), r.now().plusSeconds(3_600), SecretKeys.parse(List.of("k1:" + "cd".repeat(32)))),
                r -> new ClockReading(r.nonce(), r.now(), r.keyId(), "no seal"));
        for (var one : lies) {
            lie = one;
            assertThat(new AskTime(clock).from(List.of(member()), "sn1", KEYS)).isFalse();
            assertThat(clock.ahead()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "with spaces and such!", "0\n0000000000000000"})
    void a_nonce_is_long_and_plain(String nonce) {
        assertThatExceptionOfType(HoldfastException.class)
                .isThrownBy(() -> ClockReading.of(nonce, Instant.EPOCH, KEYS));
    }
}
