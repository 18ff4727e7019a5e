package org.holdfast.master.placement;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash of file names and node names: the same on every machine, in every release. */
final class StableHash {
    private StableHash() {}

    /**
     * The first 8 bytes of the name's SHA-256, big-endian, to be read as an unsigned number. {@link String#hashCode}
     * would not do: 32 bits, and names that differ in the last character land side by side.
     */
    static long of(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
