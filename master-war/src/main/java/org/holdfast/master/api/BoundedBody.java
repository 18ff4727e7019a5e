package org.holdfast.master.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/** A request's body that ends the request when it is longer than any JSON or form need be. */
final class BoundedBody extends FilterInputStream {
    private int left;

    BoundedBody(InputStream in) {
        super(in);
        left = Gate.MAX_BODY_BYTES;
    }

    @Override
    public int read() throws IOException {
        int octet = super.read();
        count(octet < 0 ? 0 : 1);
        return octet;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        count(Math.max(0, read));
        return read;
    }

    private void count(int bytes) {
        left -= bytes;
        if (left < 0) {
            throw tooLarge();
        }
    }

    static HoldfastException tooLarge() {
        return HoldfastException.of(
                FailureKind.TOO_LARGE, "too-large", "A body here may have at most " + Gate.MAX_BODY_BYTES + " bytes.");
    }
}
