package org.holdfast.storage.store;

import org.holdfast.contract.BlobFacts;

/**
 * A blob as it lies in the store.
 *
 * @param sidecar what was written down when it landed
 * @param stage how far it has come
 * @param actualSizeBytes how long it is now, which is its sidecar's size unless something went wrong with the disk
 */
public record StoredBlob(Sidecar sidecar, Stage stage, long actualSizeBytes) {

    /** Whether it is as long as it should be, has the expected size, and satisfies every expected digest. */
    public boolean matches(BlobFacts expected) {
        return isWhole()
                && actualSizeBytes == expected.sizeBytes()
                && sidecar.facts().digests().satisfy(expected.digests());
    }

    /** Whether it is as long as it was when it landed; a cheap check that finds truncation, not flipped bits. */
    public boolean isWhole() {
        return actualSizeBytes == sidecar.facts().sizeBytes();
    }
}
