package org.holdfast.contract;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A body whose sender has to keep a minimum rate: nobody holds a transfer, its thread and its lock for ever with a byte now
 * and then. Only the time counts in which the sender was waited for; a reader that is slow itself, for its disk or a
 * partner, blames nobody. Not thread-safe.
 */
public final class SteadyBody extends FilterInputStream {
    /** Setting of masters and nodes; 0 for any rate. */
    public static final String SETTING = "holdfast.upload.slowest-bytes-per-second";

    public static final long DEFAULT_BYTES_PER_SECOND = 1024;

    /** How much waiting the rate is taken over; less is not judged. */
    static final Duration WINDOW = Duration.ofMinutes(1);

    private static final double NANOS_PER_SECOND = 1e9;

    private final long bytesPerSecond;
    private final LongSupplier nanos;
    private long waitedNanos;
    private long movedBytes;

    /**
     * Around a body.
     *
     * @param bytesPerSecond least rate; 0 for any
     * @param nanos time since whenever
     */
    public SteadyBody(InputStream body, long bytesPerSecond, LongSupplier nanos) {
        super(body);
        this.bytesPerSecond = bytesPerSecond;
        this.nanos = nanos;
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
        waitedNanos += nanos.getAsLong() - began;
        if (read >= 0) {
            movedBytes += read;
            judge();
        }
        return read;
    }

    private void judge() {
        if (waitedNanos < WINDOW.toNanos()) {
            return;
        }
        if (movedBytes < bytesPerSecond * (waitedNanos / NANOS_PER_SECOND)) {
            throw HoldfastException.of(
                    FailureKind.TOO_SLOW,
                    "too-slow",
                    "The body comes at less than " + bytesPerSecond + " bytes a second; nothing was stored.");
        }
        waitedNanos = 0;
        movedBytes = 0;
    }
}
