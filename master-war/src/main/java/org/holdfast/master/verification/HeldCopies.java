package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Challenge;
import org.holdfast.master.database.Rows;
import org.holdfast.master.replication.CopyPortions;
import org.holdfast.master.replication.ReplicaState;
import org.jspecify.annotations.Nullable;

/** Reads page by page what a node is to hold. Each page is one range of an index, however many copies there are. */
@ApplicationScoped
public class HeldCopies {
    /** As many as one challenge can name. */
    static final int PAGE = Challenge.MAX_BLOBS;

    /** States of copies whose bytes should be on the disk, or should be again; verified ones last. */
    static final List<ReplicaState> EXPECTED =
            List.of(ReplicaState.SUSPECT, ReplicaState.CORRUPT, ReplicaState.LOST, ReplicaState.VERIFIED);

    private static final String COPIES = "SELECT r.blob_id, b.size, b.sha256, r.state, r.changed_at, r.verified_at"
            + " FROM replica r JOIN blob_ b ON b.id = r.blob_id WHERE r.node_id = ?";

    @PersistenceContext
    EntityManager entities;

    @Inject
    CopyPortions portions;

    /** How much there is to check. */
    record Extent(long copies, long bytes) {
        private static final Extent NONE = new Extent(0, 0);

        /** Of what changed meanwhile: not worth a count. */
        static final Extent UNKNOWN = NONE;

        Extent plus(Extent other) {
            return new Extent(copies + other.copies, bytes + other.bytes);
        }
    }

    /** The copies of one state behind a blob id, in the order of their ids. */
    @Transactional
    List<HeldCopy> page(long nodeId, ReplicaState state, String after) {
        return copies(entities.createNativeQuery(
                        COPIES + " AND r.state = ? AND r.blob_id > ? ORDER BY r.blob_id LIMIT " + PAGE)
                .setParameter(1, nodeId)
                .setParameter(2, state.name())
                .setParameter(3, after));
    }

    /** As {@link #page(long, ReplicaState, String)}, of those alone that became what they are at this moment or later. */
    @Transactional
    List<HeldCopy> changed(long nodeId, ReplicaState state, Instant since, String after) {
        return copies(entities.createNativeQuery(COPIES
                        + " AND r.state = ? AND r.changed_at >= ? AND r.blob_id > ? ORDER BY r.blob_id LIMIT " + PAGE)
                .setParameter(1, nodeId)
                .setParameter(2, state.name())
                .setParameter(3, Rows.utc(since))
                .setParameter(4, after));
    }

    /** The verified copies that have not been read since this moment, longest ago first. */
    @Transactional
    List<HeldCopy> due(long nodeId, Instant notSince) {
        return copies(entities.createNativeQuery(
                        COPIES + " AND r.state = 'VERIFIED' AND r.verified_at < ? ORDER BY r.verified_at LIMIT " + PAGE)
                .setParameter(1, nodeId)
                .setParameter(2, Rows.utc(notSince)));
    }

    /** The verified copies of a scope's files behind a blob id, in the order of their ids. */
    @Transactional
    List<HeldCopy> page(long nodeId, Scope scope, String after) {
        Query query = entities.createNativeQuery(COPIES + " AND r.state = 'VERIFIED' AND r.blob_id > ?"
                        + scope.condition() + " ORDER BY r.blob_id LIMIT " + PAGE)
                .setParameter(1, nodeId)
                .setParameter(2, after);
        scope.bind(query, 3);
        return copies(query);
    }

    /** Of these, those whose bytes should still be there: deleted and moved ones are not among them. */
    @Transactional
    List<HeldCopy> again(long nodeId, Collection<BlobId> blobs) {
        return blobs.isEmpty()
                ? List.of()
                : copies(entities.createNativeQuery(COPIES + " AND r.state IN (" + names(EXPECTED)
                                + ") AND r.blob_id IN (" + list(blobs) + ")")
                        .setParameter(1, nodeId));
    }

    /** Of these, those that may lie on the node: it has or is to have a copy, or a task for it is under way. */
    @Transactional
    Set<String> known(long nodeId, Collection<BlobId> blobs) {
        if (blobs.isEmpty()) {
            return Set.of();
        }
        return Set.copyOf(Rows.texts(entities.createNativeQuery("SELECT blob_id FROM replica WHERE node_id = ?"
                        + " AND blob_id IN (" + list(blobs)
                        + ") UNION SELECT blob_id FROM task WHERE target_node_id = ?"
                        + " AND state IN ('QUEUED', 'RUNNING', 'WAITING', 'DEAD') AND blob_id IN (" + list(blobs) + ")")
                .setParameter(1, nodeId)
                .setParameter(2, nodeId)));
    }

    /** How many copies turned bad since this moment and are not good again yet. */
    @Transactional
    long badSince(long nodeId, Instant moment) {
        return Rows.longs(entities.createNativeQuery("SELECT COUNT(*) FROM replica WHERE node_id = ?"
                                + " AND state IN ('CORRUPT', 'LOST') AND changed_at >= ?")
                        .setParameter(1, nodeId)
                        .setParameter(2, Rows.utc(moment)))
                .get(0);
    }

    /** All that a returning node is to hold. Reads an index entry and a blob's row for each copy. */
    @Transactional
    Extent expected(long nodeId) {
        return expected(nodeId, Rows.AT_ONCE);
    }

    @Transactional
    Extent expected(long nodeId, int atOnce) {
        return EXPECTED.stream()
                .map(state -> extent(nodeId, state, Scope.EVERYTHING, atOnce))
                .reduce(Extent.NONE, Extent::plus);
    }

    /** The verified copies of a scope's files on these nodes. */
    @Transactional
    Extent verified(Collection<Long> nodeIds, Scope scope) {
        return verified(nodeIds, scope, Rows.AT_ONCE);
    }

    @Transactional
    Extent verified(Collection<Long> nodeIds, Scope scope, int atOnce) {
        return nodeIds.stream()
                .map(nodeId -> extent(nodeId, ReplicaState.VERIFIED, scope, atOnce))
                .reduce(Extent.NONE, Extent::plus);
    }

    private Extent extent(long nodeId, ReplicaState state, Scope scope, int atOnce) {
        return portions.of(nodeId, state, atOnce).stream()
                .map(portion -> extent(portion, scope))
                .reduce(Extent.NONE, Extent::plus);
    }

    private Extent extent(CopyPortions.Portion portion, Scope scope) {
        Query query = entities.createNativeQuery("SELECT COUNT(*), COALESCE(SUM(b.size), 0) FROM replica r"
                + " JOIN blob_ b ON b.id = r.blob_id WHERE" + CopyPortions.CONDITION + scope.condition());
        scope.bind(query, portion.bind(query, 1));
        var row = Rows.first(query).orElseThrow();
        return new Extent(Rows.number(row[0]), Rows.number(row[1]));
    }

    private static List<HeldCopy> copies(Query query) {
        return Rows.of(query).stream().map(HeldCopies::copy).toList();
    }

    private static HeldCopy copy(@Nullable Object[] row) {
        return new HeldCopy(
                new BlobId(Rows.text(row[0])),
                Rows.number(row[1]),
                Rows.text(row[2]),
                ReplicaState.valueOf(Rows.text(row[3])),
                Rows.instant(row[4]).orElseThrow(),
                Rows.instant(row[5]));
    }

    /** A blob id holds nothing but letters and digits. */
    static String list(Collection<BlobId> blobs) {
        return blobs.stream().map(blob -> "'" + blob.value() + "'").collect(Collectors.joining(", "));
    }

    static String names(List<ReplicaState> states) {
        return states.stream().map(state -> "'" + state.name() + "'").collect(Collectors.joining(", "));
    }
}
