package org.holdfast.storage.http;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Bounds how many bytes per second workers copy from and to this node, both together, so that healing leaves room for
 * clients. All transfers share it: each pays for its bytes after it has moved them, by waiting until its turn is over.
 */
public final class Bandwidth {
    /** What may go out at once after a pause; short, so that the rate holds over a second already. */
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LongSupplier nanoTime;
    private final Supplier<Optional<Long>> cap;
    private long paidUntil;

    /**
     * For one node.
     *
     * @param nanoTime a clock that never goes back
     * @param cap most bytes per second, asked for each time, so that a change counts for transfers that run, too; empty
     *     or 0 for no cap
     */
    public Bandwidth(LongSupplier nanoTime, Supplier<Optional<Long>> cap) {
        this.nanoTime = nanoTime;
        this.cap = cap;
        this.paidUntil = nanoTime.getAsLong();
    }

    /** Waits until these bytes, which have been moved, are paid for. */
    void pay(long bytes) {
        try {
            TimeUnit.NANOSECONDS.sleep(price(bytes));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How long whoever has moved so many bytes has to wait. */
    synchronized long price(long bytes) {
        long bytesPerSecond = cap.get().orElse(0L);
        if (bytesPerSecond <= 0) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        long begin = Math.max(paidUntil, now - BURST_NANOS);
        paidUntil = begin + (long) ((double) bytes / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
        return Math.max(0, paidUntil - now);
    }
}
