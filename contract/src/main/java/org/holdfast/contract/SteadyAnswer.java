package org.holdfast.contract;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongSupplier;

/**
 * A body that is sent, whose reader has to keep a minimum rate: nobody holds a transfer and its thread for ever by taking a
 * byte now and then. Only the time counts in which the reader was waited for. It goes out in pieces, each of which waits for
 * its turn on a {@link BoundedConnection}. Not thread-safe.
 */
public final class SteadyAnswer extends FilterOutputStream {
    /** More than this is not handed to the connection at once. */
    public static final int PIECE_BYTES = 64 * 1024;

    private final LeastRate rate;
    private final LongSupplier nanos;
    private final RateWatch watch;

    /**
     * Around a response's body.
     *
     * @param nanos a monotonic clock, as {@link System#nanoTime}
     */
    public SteadyAnswer(OutputStream out, LeastRate rate, LongSupplier nanos) {
        super(out);
        this.rate = rate;
        this.nanos = nanos;
        this.watch = new RateWatch(rate);
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    /** TOO_SLOW {@code too-slow} when too little was taken for the time that was waited; the answer is in pieces then. */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; done += PIECE_BYTES) {
            writePiece(bytes, offset + done, Math.min(PIECE_BYTES, length - done));
        }
    }

    private void writePiece(byte[] bytes, int offset, int length) throws IOException {
        long began = nanos.getAsLong();
        out.write(bytes, offset, length);
        if (!watch.isKept(length, nanos.getAsLong() - began)) {
            throw HoldfastException.of(
                    FailureKind.TOO_SLOW,
                    "too-slow",
                    "The answer is taken at less than " + rate.bytesPerSecond() + " bytes a second.");
        }
    }
}
