package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyBodyTest {
    private static final int RATE = 1_000;

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

    /** Each piece comes after a pause; then the body ends. */
    private InputStream sender(int pieces, int pieceBytes, Duration pause) {
        return new InputStream() {
            private int sent;

            @Override
            public int read() {
                throw new UnsupportedOperationException("pieces only");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                pass(pause);
                if (sent == pieces) {
                    return -1;
                }
                sent++;
                return Math.min(length, pieceBytes);
            }
        };
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private SteadyBody steady(InputStream body, long rate) {
        return new SteadyBody(body, new LeastRate(rate, Duration.ofMinutes(1)), now::get);
    }

    private static long readAll(InputStream body) throws IOException {
        var buffer = new byte[1_000_000];
        long bytes = 0;
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            bytes += read;
        }
        return bytes;
    }

    private static void assertTooSlow(InputStream body) {
        assertThatThrownBy(() -> readAll(body)).isInstanceOfSatisfying(HoldfastException.class, e -> {
            assertThat(e.kind()).isEqualTo(FailureKind.TOO_SLOW);
            assertThat(e.code()).isEqualTo("too-slow");
        });
    }

    @Test
    void aByteNowAndThenIsNotWaitedForForEver() {
        long began = now.get();
        assertTooSlow(steady(sender(1_000, 1, Duration.ofSeconds(50)), RATE));
        assertThat(Duration.ofNanos(now.get() - began)).isLessThanOrEqualTo(Duration.ofSeconds(100));
    }

    @Test
    void whoeverKeepsTheRateMaySendForHours() throws IOException {
        assertThat(readAll(steady(sender(1_000, 10_000, Duration.ofSeconds(10)), RATE)))
                .isEqualTo(10_000_000);
        assertTooSlow(steady(sender(1_000, 9_999, Duration.ofSeconds(10)), RATE));
    }

    @Test
    void whoeverWasFastAndBecomesSlowIsNotedWithinTwoMinutes() {
        var body = new SequenceInputStream(
                sender(100, 1_000_000, Duration.ofSeconds(1)), sender(1_000, 1, Duration.ofSeconds(1)));
        long began = now.get();
        assertTooSlow(steady(body, RATE));
        assertThat(Duration.ofNanos(now.get() - began)).isLessThanOrEqualTo(Duration.ofSeconds(221));
    }

    @Test
    void aShortBodyMayTakeItsMinute() throws IOException {
        assertThat(readAll(steady(sender(59, 1, Duration.ofSeconds(1)), RATE))).isEqualTo(59);
    }

    @Test
    void timeThatTheReaderTakesIsNotTheSenders() throws IOException {
        var body = steady(sender(100, 1, Duration.ZERO), RATE);
        for (int i = 0; i < 100; i++) {
            assertThat(body.read()).isZero();
            pass(Duration.ofMinutes(10));
        }
        assertThat(body.read()).isEqualTo(-1);
    }

    @Test
    void noRateIsNoBound() throws IOException {
        assertThat(readAll(steady(sender(1_000, 1, Duration.ofHours(1)), 0))).isEqualTo(1_000);
    }
}
