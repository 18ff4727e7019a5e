package org.holdfast.contract;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;

/** A body in chunks (RFC 9112 section 7.1); one without its last chunk is a failure, never a short file. */
final class ChunkedBody extends InputStream {
    private static final int MAX_LINE_BYTES = 4096;

    private final InputStream in;
    private long left;
    private boolean started;
    private boolean ended;

    ChunkedBody(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(left, length));
        if (count < 0) {
            throw new EOFException("the connection ended in the middle of a chunk");
        }
        left -= count;
        return count;
    }

    private void nextChunk() throws IOException {
        if (started && !HttpWire.readLine(in, MAX_LINE_BYTES).isEmpty()) {
            throw new ProtocolException("a chunk is longer than its size");
        }
        started = true;
        String size = HttpWire.readLine(in, MAX_LINE_BYTES).split(";", 2)[0].strip();
        if (!size.matches("[0-9A-Fa-f]{1,15}")) {
            throw new ProtocolException("unreadable chunk size");
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            ended = true;
            skipTrailer();
        }
    }

    private void skipTrailer() throws IOException {
        int lines = 0;
        while (!HttpWire.readLine(in, MAX_LINE_BYTES).isEmpty()) {
            if (++lines > 100) {
                throw new ProtocolException("the body's trailer is too long");
            }
        }
    }
}
