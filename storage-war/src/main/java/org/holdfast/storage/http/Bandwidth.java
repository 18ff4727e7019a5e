package org.holdfast.storage.http;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bounds how many bytes per second workers copy from and to this node, both together, so that healing leaves room for
 * clients. All transfers share it: each pays for its bytes after it has moved them, by waiting until its turn is over.
 */
public final class Bandwidth {
    /** What may go out at once after a pause; short, so that the rate holds over a second already. */
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LongSupplier nanoTime;
    private long bytesPerSecond;
    private long paidUntil;

    /** Without a cap. */
    public Bandwidth(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.paidUntil = nanoTime.getAsLong();
    }

    /** Sets or lifts the cap; at once, also for transfers that run. */
    public synchronized void cap(OptionalLong mostBytesPerSecond) {
        bytesPerSecond = Math.max(0, mostBytesPerSecond.orElse(0));
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
        if (bytesPerSecond == 0) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        long begin = Math.max(paidUntil, now - BURST_NANOS);
        paidUntil = begin + (long) ((double) bytes / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
        return Math.max(0, paidUntil - now);
    }
}
