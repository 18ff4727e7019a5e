package org.holdfast.storage.store;

import java.io.IOException;
import java.util.Set;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.Digests;

/** Computes the digests of what lies on the disk, by reading all of it. */
final class ReadDigests {
    private static final int BUFFER_BYTES = 256 * 1024;

    private ReadDigests() {}

    /** The digests of a blob's bytes as they are now, read no faster than the pace lets them pass. */
    static Digests of(BlobContent content, Set<DigestAlgorithm> algorithms, Pace pace) throws IOException {
        try (var digests = new DigestsInline(algorithms, BUFFER_BYTES)) {
            byte[] buffer = digests.takeBuffer();
            long position = 0;
            for (int read = content.read(0, buffer); read >= 0; read = content.read(position, buffer)) {
                digests.update(buffer, read);
                position += read;
                pace.passed(read);
            }
            return digests.finish();
        }
    }
}
