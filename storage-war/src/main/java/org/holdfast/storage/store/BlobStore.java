package org.holdfast.storage.store;

import java.util.List;
import java.util.Optional;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.InventoryPage;

/**
 * Immutable sequences of bytes by id. Thread-safe; different blobs don't wait for each other.
 *
 * <p>Failures are {@link org.holdfast.contract.HoldfastException}: FULL when there is no room, UNAVAILABLE when the
 * medium fails. A failed call has changed nothing that a reader could see, and may be repeated.
 */
public interface BlobStore {

    /**
     * Opens a place for arriving bytes. The caller closes it.
     *
     * @param sizeBytes how many are expected, or {@link org.holdfast.contract.BlobFacts#UNKNOWN_SIZE}
     * @throws org.holdfast.contract.HoldfastException FULL when so many would eat into the reserve
     */
    Reception receive(long sizeBytes);

    /** What is known of a blob of either stage; empty when it is absent or in quarantine. */
    Optional<StoredBlob> find(BlobId id);

    /** Opens a blob of either stage for reading; empty when it is absent or in quarantine. The caller closes it. */
    Optional<BlobContent> open(BlobId id);

    /**
     * Turns an uncommitted blob into a committed one. Idempotent.
     *
     * <p>When this returns it is durable. A power failure before may undo it; the blob is then found among {@link
     * #uncommitted} again, never lost.
     *
     * @throws org.holdfast.contract.HoldfastException NOT_FOUND when there is no such blob
     */
    void promote(BlobId id);

    /**
     * Removes a blob of either stage for ever. When this returns it does not come back after a crash.
     *
     * @return whether it was there
     */
    boolean remove(BlobId id);

    /**
     * Removes a blob that is still uncommitted, for ever; a committed one stays. Whoever takes an upload back uses it:
     * by the time the word arrives, the blob may have come again and been committed.
     *
     * @return whether it was there, uncommitted
     */
    boolean withdraw(BlobId id);

    /**
     * Takes a blob of either stage, damaged or not, away from readers but keeps its bytes for a person to look at.
     *
     * @param reason one sentence, written beside the bytes
     * @return whether it was there
     */
    boolean quarantine(BlobId id, String reason);

    /** The blobs that wait for a master's word, in no order; at most {@code limit}. */
    List<StoredBlob> uncommitted(int limit);

    /**
     * A page of the committed blobs, damaged ones too. Files among them that are no blobs are put into quarantine and
     * named.
     *
     * @param after the {@code next} of the page before; empty for the first page
     * @param limit most blobs and strangers
     */
    InventoryPage inventory(Optional<BlobId> after, int limit);

    /** Beginnings of uploads that broke off. */
    Beginnings beginnings();

    /** What was taken away from readers. */
    Quarantine quarantine();

    /** Room and use at this moment. */
    Space space();

    /**
     * Writes a few bytes to the medium, reads them back and compares.
     *
     * @throws org.holdfast.contract.HoldfastException UNAVAILABLE when they don't come back; FULL when nothing can be
     *     written
     */
    void probe();
}
