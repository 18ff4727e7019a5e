package org.holdfast.contract;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Aborts a step that blocks for too long. Blocking writes have no time-out in Java: a partner that was stopped
 * (SIGSTOP, a cut cable) would hold its thread for ever. Between steps the watch sleeps, so that a partner is not
 * blamed for the time that the caller took to fetch the next bytes.
 */
final class StallWatch implements AutoCloseable {
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "stall-watch");
        thread.setDaemon(true);
        return thread;
    });

    private final long stallNanos;
    private final Runnable abort;
    private final ScheduledFuture<?> beat;
    private volatile boolean busy;
    private volatile long beganAtNanos;
    private volatile boolean stalled;

    /** {@code abort} closes the connection and is called at most once, from another thread. */
    StallWatch(Duration stall, Runnable abort) {
        this.stallNanos = stall.toNanos();
        this.abort = abort;
        long periodMillis = Math.max(10, stall.toMillis() / 4);
        this.beat = TIMER.scheduleWithFixedDelay(this::look, periodMillis, periodMillis, TimeUnit.MILLISECONDS);
    }

    /** A step that may block begins. */
    void begin() {
        beganAtNanos = System.nanoTime();
        busy = true;
    }

    /** The step has ended. */
    void end() {
        busy = false;
    }

    /** The failure that the caller should see: a time-out when the abort caused it, itself otherwise. */
    IOException explain(IOException failure) {
        if (!stalled) {
            return failure;
        }
        var stall = new SocketTimeoutException("no byte moved within the stall time-out");
        stall.initCause(failure);
        return stall;
    }

    private void look() {
        if (busy && !stalled && System.nanoTime() - beganAtNanos > stallNanos) {
            stalled = true;
            beat.cancel(false);
            abort.run();
        }
    }

    @Override
    public void close() {
        beat.cancel(false);
    }
}
