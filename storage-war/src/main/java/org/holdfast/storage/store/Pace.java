package org.holdfast.storage.store;

import java.util.concurrent.locks.LockSupport;

/** Holds a reader back so that, over its life, no more bytes a second pass than it may take. For one thread. */
final class Pace {
    private static final double NANOS_PER_SECOND = 1e9;

    private final long bytesPerSecond;
    private final long begunNanos = System.nanoTime();
    private long passedBytes;

    /** A pace of 0 holds nobody back. */
    Pace(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** So many bytes have passed; returns when the next may. */
    void passed(long bytes) {
        passedBytes += bytes;
        if (bytesPerSecond > 0) {
            long dueNanos = begunNanos + (long) (passedBytes * NANOS_PER_SECOND / bytesPerSecond);
            for (long left = dueNanos - System.nanoTime();
                    left > 0 && !Thread.currentThread().isInterrupted();
                    left = dueNanos - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }
}
