package org.holdfast.storage.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Challenge;
import org.holdfast.contract.CopyProof;
import org.holdfast.contract.CopyProof.Found;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.HoldfastException;

/** Says what lies on the disk, by reading it; judges nothing and changes nothing. */
public final class ProveCopies {
    private static final Logger LOG = System.getLogger(ProveCopies.class.getName());
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final EnumSet<DigestAlgorithm> SHA_256 = EnumSet.of(DigestAlgorithm.SHA_256);

    private final BlobStore store;

    public ProveCopies(BlobStore store) {
        this.store = store;
    }

    /** One proof for each blob that is asked for. A blob that can't be read is a finding, not a failure. */
    public List<CopyProof> prove(Challenge challenge) {
        var pace = new Pace(challenge.bytesPerSecond());
        List<CopyProof> proofs = new ArrayList<>();
        challenge.digests().forEach(id -> proofs.add(digest(id, pace)));
        challenge.presence().forEach(id -> proofs.add(glance(id)));
        return proofs;
    }

    private CopyProof digest(BlobId id, Pace pace) {
        long size = 0;
        try (BlobContent content = store.open(id).orElse(null)) {
            if (content == null) {
                return new CopyProof(id, Found.MISSING, 0, "");
            }
            size = content.sizeBytes();
            String sha256 = sha256(content, pace);
            Optional<StoredBlob> stored = store.find(id);
            return stored.isEmpty()
                    ? bare(id, size)
                    : new CopyProof(id, stored.get().isWhole() ? Found.DIGESTED : Found.CUT, size, sha256);
        } catch (IOException | HoldfastException e) {
            LOG.log(Level.WARNING, "the blob " + id + " can't be read", e);
            return new CopyProof(id, Found.UNREADABLE, size, "");
        }
    }

    /** Deleted or taken away since it was opened, or without its sidecar. */
    private CopyProof bare(BlobId id, long size) throws IOException {
        try (BlobContent still = store.open(id).orElse(null)) {
            return still == null ? new CopyProof(id, Found.MISSING, 0, "") : new CopyProof(id, Found.BARE, size, "");
        }
    }

    private CopyProof glance(BlobId id) {
        try {
            Optional<StoredBlob> stored = store.find(id);
            if (stored.isPresent()) {
                Found found = stored.get().isWhole() ? Found.PRESENT : Found.CUT;
                return new CopyProof(id, found, stored.get().actualSizeBytes(), "");
            }
            return bare(id, 0);
        } catch (IOException | HoldfastException e) {
            LOG.log(Level.WARNING, "the blob " + id + " can't be looked at", e);
            return new CopyProof(id, Found.UNREADABLE, 0, "");
        }
    }

    private static String sha256(BlobContent content, Pace pace) throws IOException {
        try (var digests = new DigestsInline(SHA_256, BUFFER_BYTES)) {
            byte[] buffer = digests.takeBuffer();
            long position = 0;
            for (int read = content.read(0, buffer); read >= 0; read = content.read(position, buffer)) {
                digests.update(buffer, read);
                position += read;
                pace.passed(read);
            }
            return digests.finish().require(DigestAlgorithm.SHA_256);
        }
    }
}
