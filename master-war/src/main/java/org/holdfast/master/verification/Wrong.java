package org.holdfast.master.verification;

import java.util.Optional;
import org.holdfast.contract.CopyProof;
import org.holdfast.master.replication.ReplicaState;

/** What can be wrong with a copy, or lie where no copy is to be. */
public enum Wrong {
    WRONG_BYTES("has other bytes than were written"),
    WRONG_SIZE("is longer or shorter than it was written"),
    NO_SIDECAR("has lost its sidecar"),
    UNREADABLE("can't be read from the disk"),
    MISSING("is missing"),
    UNKNOWN("is not to be here"),
    STRANGER("is no blob");

    private final String words;

    Wrong(String words) {
        this.words = words;
    }

    /** To follow the name of a blob. */
    public String words() {
        return words;
    }

    /** What the catalog says of such a copy. */
    ReplicaState state() {
        return this == MISSING ? ReplicaState.LOST : ReplicaState.CORRUPT;
    }

    /** Compares what a node said of a copy with what it must be; empty when it is right. A pure function. */
    static Optional<Wrong> of(HeldCopy copy, CopyProof proof) {
        boolean rightSize = proof.sizeBytes() == copy.sizeBytes();
        return switch (proof.found()) {
            case MISSING -> Optional.of(MISSING);
            case BARE -> Optional.of(NO_SIDECAR);
            case UNREADABLE -> Optional.of(UNREADABLE);
            case CUT -> Optional.of(WRONG_SIZE);
            case PRESENT -> rightSize ? Optional.empty() : Optional.of(WRONG_SIZE);
            case DIGESTED -> {
                if (!rightSize) {
                    yield Optional.of(WRONG_SIZE);
                }
                yield proof.sha256().equals(copy.sha256()) ? Optional.empty() : Optional.of(WRONG_BYTES);
            }
        };
    }
}
