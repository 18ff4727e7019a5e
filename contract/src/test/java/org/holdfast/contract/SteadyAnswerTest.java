package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyAnswerTest {
    private static final LeastRate RATE = new LeastRate(1_000, Duration.ofMinutes(1));

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

    /** Whom each write has to wait for. */
    private final class Reader extends OutputStream {
        private final Duration pause;
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final List<Integer> pieces = new ArrayList<>();

        Reader(Duration pause) {
            this.pause = pause;
        }

        @Override
        public void write(int octet) {
            throw new UnsupportedOperationException("pieces only");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            pass(pause);
            pieces.add(length);
            taken.write(bytes, offset, length);
        }
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private SteadyAnswer to(Reader reader, LeastRate rate) {
        return new SteadyAnswer(reader, rate, now::get);
    }

    private static void send(OutputStream answer, int times, int bytes) throws IOException {
        for (int i = 0; i < times; i++) {
            answer.write(new byte[bytes]);
        }
    }

    @Test
    void whatIsLargeGoesOutInPieces() throws IOException {
        var reader = new Reader(Duration.ZERO);
        var bytes = new byte[2 * SteadyAnswer.PIECE_BYTES + 7];
        new Random(1).nextBytes(bytes);
        to(reader, RATE).write(bytes, 0, bytes.length);
        assertThat(reader.taken.toByteArray()).isEqualTo(bytes);
        assertThat(reader.pieces).containsExactly(SteadyAnswer.PIECE_BYTES, SteadyAnswer.PIECE_BYTES, 7);
    }

    @Test
    void aByteNowAndThenEndsIt() {
        var reader = new Reader(Duration.ofSeconds(20));
        assertThatThrownBy(() -> send(to(reader, RATE), 10, 1_000))
                .isInstanceOfSatisfying(HoldfastException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.TOO_SLOW);
                    assertThat(e.code()).isEqualTo("too-slow");
                });
        assertThat(reader.pieces).hasSize(3);
    }

    @Test
    void whoeverKeepsTheRateMayReadForHours() throws IOException {
        var reader = new Reader(Duration.ofSeconds(50));
        send(to(reader, RATE), 200, 50_000);
        assertThat(reader.taken.size()).isEqualTo(10_000_000);
    }

    @Test
    void timeThatTheSenderTakesIsNotTheReaders() throws IOException {
        var answer = to(new Reader(Duration.ZERO), RATE);
        for (int i = 0; i < 100; i++) {
            answer.write(1);
            pass(Duration.ofMinutes(10));
        }
    }

    @Test
    void noRateIsNoBound() throws IOException {
        var reader = new Reader(Duration.ofHours(1));
        send(to(reader, LeastRate.NONE), 100, 1);
        assertThat(reader.taken.size()).isEqualTo(100);
    }
}
