package org.holdfast.storage.store;

import java.io.IOException;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/** Proves that a blob still is what it was: computes its digests from the disk. A bad one goes into quarantine. */
public final class VerifyBlob {
    private final BlobStore store;

    public VerifyBlob(BlobStore store) {
        this.store = store;
    }

    /**
     * What came of it.
     *
     * <p>{@code MISSING} also stands for a blob that was in quarantine before.
     */
    public enum Verdict {
        GOOD,
        BAD,
        MISSING
    }

    /** Reads the whole blob; size and every digest in {@code expected} must be right. */
    public Verdict verify(BlobFacts expected) {
        try (BlobContent content = store.open(expected.id()).orElse(null)) {
            if (content == null) {
                return Verdict.MISSING;
            }
            if (content.sizeBytes() == expected.sizeBytes() && digestsMatch(content, expected)) {
                return Verdict.GOOD;
            }
        } catch (IOException e) {
            throw HoldfastException.of(
                    FailureKind.UNAVAILABLE, "unavailable", "The blob can't be read from the disk now.", e);
        }
        BlobId id = expected.id();
        var unused = store.quarantine(id, "Its bytes no longer have the digests that they had when they landed.");
        return Verdict.BAD;
    }

    private static boolean digestsMatch(BlobContent content, BlobFacts expected) throws IOException {
        return ReadDigests.of(content, expected.digests().values().keySet(), new Pace(0))
                .satisfy(expected.digests());
    }
}
