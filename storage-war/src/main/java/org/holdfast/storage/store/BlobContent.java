package org.holdfast.storage.store;

import java.io.Closeable;
import java.io.IOException;

/** A blob opened for reading. It stays readable while open, even when the blob is moved or removed meanwhile. */
public interface BlobContent extends Closeable {

    /** Length now; the reader compares it with what it expects before it sends a byte. */
    long sizeBytes();

    /**
     * Reads up to {@code buffer.length} bytes from a position.
     *
     * @return how many were read, at least 1; or -1 at or behind the end
     */
    int read(long position, byte[] buffer) throws IOException;
}
