package org.holdfast.storage.store;

import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.Digests;

/** Computes in the caller's thread. */
final class DigestsInline implements RunningDigests {
    private final Map<DigestAlgorithm, MessageDigest> running = new EnumMap<>(DigestAlgorithm.class);
    private final byte[] buffer;

    DigestsInline(Set<DigestAlgorithm> algorithms, int bufferBytes) {
        algorithms.forEach(algorithm -> running.put(algorithm, RunningDigests.messageDigest(algorithm)));
        this.buffer = new byte[bufferBytes];
    }

    @Override
    public byte[] takeBuffer() {
        return buffer;
    }

    @Override
    public void update(byte[] bytes, int length) {
        running.values().forEach(digest -> digest.update(bytes, 0, length));
    }

    @Override
    public Digests finish() {
        var values = new EnumMap<DigestAlgorithm, String>(DigestAlgorithm.class);
        running.forEach(
                (algorithm, digest) -> values.put(algorithm, HexFormat.of().formatHex(digest.digest())));
        return new Digests(values);
    }

    @Override
    public void close() {}
}
