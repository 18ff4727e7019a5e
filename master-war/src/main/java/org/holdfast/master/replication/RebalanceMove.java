package org.holdfast.master.replication;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;

/** Bytes that go from one node to another so that both are as full as the others. */
@Entity
@Table(name = "rebalance_move")
class RebalanceMove {
    @EmbeddedId
    Key key;

    long bytes;

    @Column(name = "bytes_begun")
    long bytesBegun;

    @Column(name = "copies_begun")
    long copiesBegun;

    String position = "";
    boolean done;

    @Column(name = "began_at")
    Instant beganAt;

    RebalanceMove() {}

    RebalanceMove(long from, long to, long bytes, Instant beganAt) {
        this.key = new Key(from, to);
        this.bytes = bytes;
        this.beganAt = beganAt;
    }

    void begun(long size) {
        bytesBegun += size;
        copiesBegun++;
        done = bytesBegun >= bytes;
    }

    /** From where to where. */
    @Embeddable
    static class Key implements Serializable {
        private static final long serialVersionUID = 1L;

        @Column(name = "from_node_id")
        long from;

        @Column(name = "to_node_id")
        long to;

        Key() {}

        Key(long from, long to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.from == from && key.to == to;
        }

        @Override
        public int hashCode() {
            return Objects.hash(from, to);
        }
    }
}
