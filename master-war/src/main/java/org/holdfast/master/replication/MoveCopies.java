package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.Ulid;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeEvents;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.Rows;

/**
 * Carries {@link Rebalance} out, a few copies at a time: a copy on the full node is marked as leaving, another is planned
 * on the empty one; once that is verified, {@link MendCopies} drops the first. Leader only.
 */
@ApplicationScoped
public class MoveCopies {
    /** Copies of one move that are on the way at a time: what a person stops is soon at an end. */
    static final int AT_ONCE = 200;

    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView cluster;

    @Inject
    Leadership leadership;

    @Inject
    KnownCopies known;

    @Inject
    NodeEvents events;

    @Inject
    Clock clock;

    @Inject
    Event<TasksDue> tasksDue;

    /** Begins what may begin now, and ends when nothing is left. */
    @Transactional
    public void step() {
        List<RebalanceMove> moves = entities.createQuery("select m from RebalanceMove m", RebalanceMove.class)
                .getResultList();
        if (moves.isEmpty()) {
            return;
        }
        leadership.requireLeader();
        boolean over = moves.stream().allMatch(move -> move.done);
        long left = 0;
        for (RebalanceMove move : moves) {
            long leaving = leaving(move.key.from);
            left += leaving;
            if (!move.done && leaving < AT_ONCE) {
                begin(move, AT_ONCE - (int) leaving);
            }
        }
        if (over && left == 0) {
            long bytes = moves.stream().mapToLong(move -> move.bytesBegun).sum();
            events.cluster("REBALANCE", "Copies of " + bytes + " bytes have moved; the nodes are balanced.");
            moves.forEach(entities::remove);
        }
    }

    private long leaving(long node) {
        return Rows.longs(entities.createNativeQuery(
                                "SELECT COUNT(*) FROM replica WHERE leaving = 1 AND node_id = ? AND state <> 'DELETING'")
                        .setParameter(1, node))
                .get(0);
    }

    private void begin(RebalanceMove move, int most) {
        Optional<NodeView> from = cluster.byId(move.key.from).filter(NodeView::canTakeNew);
        Optional<NodeView> to = cluster.byId(move.key.to).filter(NodeView::canTakeNew);
        if (from.isEmpty() || to.isEmpty()) {
            // One of them is away or leaves: there is more important work than balance.
            move.done = true;
            return;
        }
        List<String> page =
                Rows.texts(entities.createNativeQuery("SELECT blob_id FROM replica FORCE INDEX (replica_by_node)"
                                + " WHERE node_id = ? AND state = 'VERIFIED' AND blob_id > ? ORDER BY blob_id LIMIT "
                                + most)
                        .setParameter(1, move.key.from)
                        .setParameter(2, move.position));
        if (page.isEmpty()) {
            move.done = true;
            return;
        }
        move.position = page.get(page.size() - 1);
        entities.createQuery("select b from Blob b where b.id in :ids order by b.id", Blob.class)
                .setParameter("ids", page)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList();
        for (KnownCopies.Kept kept : known.of(page)) {
            if (!move.done && known.mayMove(kept, from.get(), to.get())) {
                begin(move, kept);
            }
        }
        tasksDue.fire(new TasksDue());
    }

    private void begin(RebalanceMove move, KnownCopies.Kept kept) {
        Instant now = clock.instant();
        Replica leaving = entities.find(Replica.class, new ReplicaKey(kept.blobId(), move.key.from));
        leaving.leaving = true;
        leaving.changedAt = now;
        entities.persist(Replica.planned(kept.blobId(), move.key.to, kept.freePriority(Replica.ORIGIN + 1), now));
        var subject = new Task.Subject(
                TaskMessage.Kind.REPLICATE, Urgency.BACKGROUND, kept.blobId(), move.key.to, kept.path());
        entities.persist(new Task(Ulid.next(clock), subject, now, now));
        move.begun(kept.wish().sizeBytes());
    }
}
