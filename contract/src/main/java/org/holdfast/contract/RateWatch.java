package org.holdfast.contract;

/** Sees whether the other side of a transfer keeps a rate. Not thread-safe. */
final class RateWatch {
    private static final double NANOS_PER_SECOND = 1e9;

    private final LeastRate rate;
    private long waitedNanos;
    private long movedBytes;

    /** Nothing has been moved so far. */
    RateWatch(LeastRate rate) {
        this.rate = rate;
    }

    /** Counts bytes and how long the other side was waited for; false when that was too long. */
    boolean isKept(long bytes, long nanos) {
        waitedNanos += nanos;
        movedBytes += bytes;
        if (waitedNanos < rate.window().toNanos()) {
            return true;
        }
        boolean kept = movedBytes >= rate.bytesPerSecond() * (waitedNanos / NANOS_PER_SECOND);
        waitedNanos = 0;
        movedBytes = 0;
        return kept;
    }
}
