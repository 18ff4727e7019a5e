package org.holdfast.contract;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A small body that has to come soon: nobody holds a thread with one that trickles or stops. The time counts in which the
 * sender was waited for, in all reads together. A read waits no longer than is left of it. What comes byte by byte where no
 * byte of the body comes of it, in a line of chunks or a record of TLS, makes the container wait anew each time: the
 * connection of such a one is ended from outside, without an answer. For one reader.
 */
public final class PromptBody extends FilterInputStream {
    /** For a read to end by itself. */
    static final Duration GRACE = Duration.ofSeconds(1);

    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private final Duration deadline;
    private final Line line;
    private long leftNanos;
    private boolean isWaiting;
    private boolean isLate;

    /** What bytes come by. */
    interface Line {
        /** Bounds how long a read waits for the next bytes. */
        void waitAtMost(Duration time);

        /** Takes that back. */
        void waitAsBefore();

        /** Ends the input, so that a read that waits returns; called from another thread. */
        void end();
    }

    /**
     * Around a body.
     *
     * @param deadline how long it may take
     */
    PromptBody(InputStream body, Duration deadline, Line line) {
        super(body);
        this.deadline = deadline;
        this.line = line;
        this.leftNanos = deadline.toNanos();
    }

    /**
     * Around the body of a request.
     *
     * @param servletRequest that it came with, as the container gave it or in wrappers
     */
    public static PromptBody of(InputStream body, Duration deadline, Object servletRequest) {
        return new PromptBody(body, deadline, new ReadTimeout(servletRequest));
    }

    private static ScheduledThreadPoolExecutor timer() {
        var timer = new ScheduledThreadPoolExecutor(1, task -> {
            var thread = new Thread(task, "body-deadline");
            thread.setDaemon(true);
            return thread;
        });
        // Most bodies are there at once: their timers should not be kept until they would have rung.
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * As the body itself.
     *
     * @throws HoldfastException TOO_SLOW {@code too-slow} when it is late; INVALID {@code size-mismatch} when it breaks off
     */
    @Override
    public int read(byte[] buffer, int offset, int length) {
        try {
            return in.available() > 0 ? in.read(buffer, offset, length) : await(buffer, offset, length);
        } catch (IOException e) {
            if (isLate()) {
                throw late();
            }
            throw HoldfastException.of(
                    FailureKind.INVALID, "size-mismatch", "The body ended before it was complete.", e);
        }
    }

    private int await(byte[] buffer, int offset, int length) throws IOException {
        if (isLate()) {
            throw late();
        }
        ScheduledFuture<?> alarm = begin();
        long began = System.nanoTime();
        int read;
        try {
            read = in.read(buffer, offset, length);
        } finally {
            done(System.nanoTime() - began);
            alarm.cancel(false);
        }
        if (isLate()) {
            throw late();
        }
        return read;
    }

    private synchronized ScheduledFuture<?> begin() {
        isWaiting = true;
        line.waitAtMost(Duration.ofNanos(leftNanos));
        return TIMER.schedule(this::ring, leftNanos + GRACE.toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized void done(long waitedNanos) {
        isWaiting = false;
        leftNanos -= waitedNanos;
        isLate |= leftNanos < TimeUnit.MILLISECONDS.toNanos(1);
        line.waitAsBefore();
    }

    /** Under the lock: the connection of a read that is over may serve another request already. */
    private synchronized void ring() {
        if (isWaiting) {
            isLate = true;
            line.end();
        }
    }

    private synchronized boolean isLate() {
        return isLate;
    }

    private HoldfastException late() {
        return HoldfastException.of(
                FailureKind.TOO_SLOW,
                "too-slow",
                "The body was not there after " + deadline.toSeconds() + " seconds; nothing was done.");
    }
}
