package org.holdfast.storage.store;

import java.io.Closeable;
import org.holdfast.contract.PutTerms;

/**
 * Bytes on their way into a store. Not visible to anybody until {@link #land}; gone without a trace after {@link
 * #close} when it was not landed. Not thread-safe.
 */
public interface Reception extends Closeable {

    /**
     * Appends.
     *
     * @throws org.holdfast.contract.HoldfastException FULL when there is no room left, UNAVAILABLE when the disk fails
     */
    void write(byte[] bytes, int length);

    /**
     * Makes the bytes a blob. When this returns they are on the disk, under their id, whatever fails afterwards.
     *
     * <p>The caller has verified them against {@code sidecar}. Landing an id that is there already with the same size
     * and SHA-256 throws the new bytes away and answers {@link Landed#ALREADY}; a blob that was already {@link
     * Stage#COMMITTED} stays so. Of two concurrent landings of one id exactly one is {@link Landed#NEW}.
     *
     * @throws org.holdfast.contract.HoldfastException CONFLICT when other bytes are there under this id, FULL,
     *     UNAVAILABLE; nothing is left behind then
     */
    Landed land(Sidecar sidecar, Stage stage);

    /**
     * Keeps what was written so far as the beginning of a later try, where it is worth that; nothing can be written or landed
     * any more then. Never fails.
     *
     * @param most what may be kept at all
     */
    void keep(Beginnings.Key key, PutTerms.KeptShare most);

    /** Throws the bytes away unless they have landed or are kept. Never fails; idempotent. */
    @Override
    void close();

    /** Whether a landing brought something new. */
    enum Landed {
        NEW,
        ALREADY
    }
}
