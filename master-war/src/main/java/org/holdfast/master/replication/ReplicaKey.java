package org.holdfast.master.replication;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.io.Serializable;
import java.util.Objects;

/** One blob on one node. */
@Embeddable
class ReplicaKey implements Serializable {
    private static final long serialVersionUID = 1L;

    @Column(name = "blob_id")
    String blobId;

    @Column(name = "node_id")
    long nodeId;

    ReplicaKey() {}

    ReplicaKey(String blobId, long nodeId) {
        this.blobId = blobId;
        this.nodeId = nodeId;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReplicaKey key && key.nodeId == nodeId && key.blobId.equals(blobId);
    }

    @Override
    public int hashCode() {
        return Objects.hash(blobId, nodeId);
    }
}
