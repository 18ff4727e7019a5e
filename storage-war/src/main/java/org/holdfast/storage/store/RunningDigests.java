package org.holdfast.storage.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.Digests;

/**
 * Digests of one body while it streams by. One thread calls: {@link #takeBuffer}, fill it, {@link #update}, use its
 * bytes but don't change them, and so on; {@link #finish}; {@link #close} always.
 */
interface RunningDigests extends AutoCloseable {

    /** A buffer to fill; the one before must not be touched any more. */
    byte[] takeBuffer();

    /** Adds the first {@code length} bytes of the buffer that was taken last. */
    void update(byte[] buffer, int length);

    /** The digests of all bytes; nothing can be added afterwards. */
    Digests finish();

    /** Gives threads back. Never fails; idempotent. */
    @Override
    void close();

    /** A fresh digest. */
    static MessageDigest messageDigest(DigestAlgorithm algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.javaName());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm.javaName(), e);
        }
    }
}
