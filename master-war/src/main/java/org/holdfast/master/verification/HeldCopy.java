package org.holdfast.master.verification;

import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.BlobId;
import org.holdfast.master.replication.ReplicaState;

/**
 * A copy as the catalog knows it.
 *
 * @param blob which blob
 * @param sizeBytes how long it must be
 * @param sha256 the digest that it must have
 * @param state what is known of it
 * @param changedAt when its state last changed: tells whether it is still the same when it is blamed
 * @param verifiedAt when its digests were last right
 */
record HeldCopy(
        BlobId blob,
        long sizeBytes,
        String sha256,
        ReplicaState state,
        Instant changedAt,
        Optional<Instant> verifiedAt) {

    boolean isKnownToBeBad() {
        return state == ReplicaState.CORRUPT || state == ReplicaState.LOST;
    }

    /** Whether it landed, or became what it is, at this moment or later. */
    boolean isSince(Instant moment) {
        return !changedAt.isBefore(moment)
                || verifiedAt.filter(at -> !at.isBefore(moment)).isPresent();
    }
}
