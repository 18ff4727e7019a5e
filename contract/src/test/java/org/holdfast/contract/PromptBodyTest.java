package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PromptBodyTest {
    private static final Duration DEADLINE = Duration.ofMillis(300);

    private final Semaphore bytes = new Semaphore(0);
    private final AtomicInteger ends = new AtomicInteger();
    private volatile boolean isOver;
    private volatile Duration most = Duration.ofSeconds(30);
    private boolean doesTimeOut = true;

    /** A byte for each permit; a read waits for the next one. */
    private final InputStream line = new InputStream() {
        @Override
        public int read() throws IOException {
            try {
                if (!bytes.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new IOException("timed out");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return isOver ? -1 : 'x';
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int octet = read();
            buffer[offset] = (byte) octet;
            return octet < 0 ? -1 : 1;
        }
    };

    private InputStream prompt(InputStream body) {
        return new PromptBody(body, DEADLINE, new PromptBody.Line() {
            @Override
            public void waitAtMost(Duration time) {
                assertThat(time).isPositive().isLessThanOrEqualTo(DEADLINE);
                most = doesTimeOut ? time : Duration.ofSeconds(30);
            }

            @Override
            public void waitAsBefore() {
                most = Duration.ofSeconds(30);
            }

            @Override
            public void end() {
                ends.incrementAndGet();
                isOver = true;
                bytes.release();
            }
        });
    }

    private static void assertRefused(InputStream body, FailureKind kind, String code) {
        assertThatThrownBy(body::readAllBytes).isInstanceOfSatisfying(HoldfastException.class, e -> {
            assertThat(e.kind()).isEqualTo(kind);
            assertThat(e.code()).isEqualTo(code);
        });
    }

    @Test
    void aBodyThatStopsIsTooSlow() {
        bytes.release(3);
        assertRefused(prompt(line), FailureKind.TOO_SLOW, "too-slow");
        assertThat(ends).hasValue(0);
        assertThat(most).isEqualTo(Duration.ofSeconds(30));
    }

    /** What the container reads, and waits anew for, is no byte of the body. */
    @Test
    void aReadThatDoesNotEndByItselfIsEnded() {
        doesTimeOut = false;
        bytes.release(3);
        assertRefused(prompt(line), FailureKind.TOO_SLOW, "too-slow");
        assertThat(ends).hasValue(1);
    }

    @Test
    void aBodyThatTricklesHasNoMoreTimeThanOneThatStops() {
        var trickle = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                bytes.release();
                java.util.concurrent.locks.LockSupport.parkNanos(DEADLINE.toNanos() / 10);
            }
        });
        trickle.start();
        long began = System.nanoTime();
        assertRefused(prompt(line), FailureKind.TOO_SLOW, "too-slow");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(DEADLINE.minusMillis(1));
        trickle.interrupt();
    }

    @Test
    void onlyTheSenderIsWaitedFor() throws Exception {
        InputStream body = prompt(line);
        bytes.release(2);
        assertThat(body.read()).isEqualTo('x');
        // The reader is slow itself.
        assertThat(new Semaphore(0).tryAcquire(DEADLINE.toMillis() * 2, TimeUnit.MILLISECONDS))
                .isFalse();
        assertThat(body.read()).isEqualTo('x');
        assertThat(ends).hasValue(0);
    }

    @Test
    void whatIsThereIsReadAsItIs() throws Exception {
        byte[] whole = {1, 2, 3};
        assertThat(prompt(new ByteArrayInputStream(whole))).hasBinaryContent(whole);
        assertThat(ends).hasValue(0);
    }

    @Test
    void aBodyThatBreaksOffIsNoDefect() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset by peer");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                throw new IOException("reset by peer");
            }
        };
        assertRefused(prompt(broken), FailureKind.INVALID, "size-mismatch");
    }
}
