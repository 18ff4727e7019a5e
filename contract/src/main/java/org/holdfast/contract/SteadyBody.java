package org.holdfast.contract;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;

/**
 * A body whose sender has to keep a minimum rate: nobody holds a transfer, its thread and its lock for ever with a byte now
 * and then. Only the time counts in which the sender was waited for; a reader that is slow itself, for its disk or a
 * partner, blames nobody. Not thread-safe.
 */
public final class SteadyBody extends FilterInputStream {
    private final LeastRate rate;
    private final LongSupplier nanos;
    private final RateWatch watch;

    /**
     * Around a body.
     *
     * @param nanos a monotonic clock, as {@link System#nanoTime}
     */
    public SteadyBody(InputStream body, LeastRate rate, LongSupplier nanos) {
        super(body);
        this.rate = rate;
        this.nanos = nanos;
        this.watch = new RateWatch(rate);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** As the body itself; TOO_SLOW {@code too-slow} when too little has come for the time that was waited for it. */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        long began = nanos.getAsLong();
        int read = in.read(buffer, offset, length);
        long waited = nanos.getAsLong() - began;
        if (read >= 0 && !watch.isKept(read, waited)) {
            throw HoldfastException.of(
                    FailureKind.TOO_SLOW,
                    "too-slow",
                    "The body comes at less than " + rate.bytesPerSecond() + " bytes a second; nothing was stored.");
        }
        return read;
    }
}
