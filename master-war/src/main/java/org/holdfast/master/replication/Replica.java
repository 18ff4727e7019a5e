package org.holdfast.master.replication;

import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One copy of a blob, wanted or there. */
@Entity
@Table(name = "replica")
class Replica {
    /** Priority of the copy that was written first. */
    static final int ORIGIN = 0;

    @EmbeddedId
    ReplicaKey key;

    int priority;

    @Enumerated(EnumType.STRING)
    ReplicaState state;

    @Column(name = "verified_at")
    @Nullable
    Instant verifiedAt;

    @Column(name = "changed_at")
    Instant changedAt;

    /** Whether it is to go elsewhere: it does not count, and is dropped once enough others are verified. */
    boolean leaving;

    Replica() {}

    private Replica(ReplicaKey key, int priority, ReplicaState state, Instant now) {
        this.key = key;
        this.priority = priority;
        this.state = state;
        this.changedAt = now;
    }

    static Replica planned(String blobId, long nodeId, int priority, Instant now) {
        return new Replica(new ReplicaKey(blobId, nodeId), priority, ReplicaState.PLANNED, now);
    }

    static Replica landed(String blobId, long nodeId, int priority, Instant now) {
        var replica = new Replica(new ReplicaKey(blobId, nodeId), priority, ReplicaState.VERIFIED, now);
        replica.verifiedAt = now;
        return replica;
    }

    void turn(ReplicaState next, Instant now) {
        state = next;
        changedAt = now;
        if (next == ReplicaState.VERIFIED) {
            verifiedAt = now;
        }
    }
}
