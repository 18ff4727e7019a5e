package org.holdfast.master.replication;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** A look at many copies, page by page. */
@Entity
@Table(name = "walk")
class Walk {
    /** A pass that is over rests so many times as long as it took: walks take a tenth of the database's time at most. */
    private static final int REST = 10;

    private static final Duration LEAST_REST = Duration.ofSeconds(2);

    @EmbeddedId
    Key key;

    int stage;
    String position = "";
    long looked;
    long planned;
    long dropped;

    @Column(name = "without_place")
    long withoutPlace;

    long blocked;

    @Column(name = "began_at")
    Instant beganAt;

    @Column(name = "next_at")
    Instant nextAt;

    Walk() {}

    Walk(Key key, Instant now) {
        this.key = key;
        this.beganAt = now;
        this.nextAt = now;
    }

    /** Begins anew, at once. */
    void restart(Instant now) {
        stage = 0;
        position = "";
        looked = 0;
        planned = 0;
        dropped = 0;
        withoutPlace = 0;
        beganAt = now;
        nextAt = now;
    }

    /** Notes a page. */
    void note(int blobs, MendCopies.Mended mended, String last) {
        looked += blobs;
        planned += mended.planned();
        dropped += mended.dropped();
        withoutPlace += mended.withoutPlace();
        position = last;
    }

    /** Notes a page of a survey: what it has looked at is looked at again. */
    void surveyed(MendCopies.Mended mended, String last) {
        planned += mended.planned();
        dropped += mended.dropped();
        position = last;
    }

    void rest(Instant now) {
        long found = withoutPlace;
        Duration took = Duration.between(beganAt, now).multipliedBy(REST);
        restart(now.plus(took.compareTo(LEAST_REST) < 0 ? LEAST_REST : took));
        blocked = found;
    }

    /** What is looked through. The order is that of their importance. */
    enum Kind {
        /** Copies on a node that leaves or is lost. */
        LEAVING,
        /** Copies on a node that is back after its copies were made elsewhere. */
        RETURNED,
        /** The files of a namespace whose wanted number of copies has changed. */
        NAMESPACE,
        /** All blobs, again and again: whatever was overlooked. */
        ALL
    }

    /** Which walk. */
    @Embeddable
    static class Key implements Serializable {
        private static final long serialVersionUID = 1L;

        @Enumerated(EnumType.STRING)
        Kind kind;

        @Column(name = "subject_id")
        long subjectId;

        Key() {}

        Key(Kind kind, long subjectId) {
            this.kind = kind;
            this.subjectId = subjectId;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.kind == kind && key.subjectId == subjectId;
        }

        @Override
        public int hashCode() {
            return Objects.hash(kind, subjectId);
        }
    }
}
