package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeEvents;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.Rows;
import org.holdfast.master.placement.Balance;

/** Starts, tells and stops the moving of copies from full nodes to empty ones; {@link MoveCopies} does it. */
@ApplicationScoped
public class Rebalance {
    /** Copies that are mended at once when moves are stopped. */
    private static final int PAGE = 500;

    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView cluster;

    @Inject
    MendCopies mendCopies;

    @Inject
    NodeEvents events;

    @Inject
    Clock clock;

    /**
     * What goes from one node to another.
     *
     * @param bytes to be moved
     * @param bytesBegun moved, or on the way
     * @param copiesBegun how many copies these are
     */
    public record MoveView(String from, String to, long bytes, long bytesBegun, long copiesBegun) {}

    /** What would be moved if it were started now. */
    public List<MoveView> plan(double spread) {
        if (!(spread > 0 && spread <= 1)) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "spread must be above 0 and at most 1; 0.05 is 5 %.");
        }
        List<Balance.Load> loads = cluster.nodes().stream()
                .filter(NodeView::canTakeNew)
                .map(node -> new Balance.Load(
                        node.name(),
                        node.condition().room().usedBytes(),
                        node.condition().freeBytes()))
                .toList();
        return Balance.plan(loads, spread).stream()
                .map(move -> new MoveView(move.from(), move.to(), move.bytes(), 0, 0))
                .toList();
    }

    /** Starts to move. CONFLICT {@code rebalance-under-way} while copies are moved already. */
    @Transactional
    public List<MoveView> start(double spread) {
        if (!moves().isEmpty()) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT,
                    "rebalance-under-way",
                    "Copies are being moved already; stop that first, or wait for its end.");
        }
        Instant now = clock.instant();
        List<MoveView> planned = plan(spread);
        for (MoveView move : planned) {
            entities.persist(new RebalanceMove(
                    cluster.require(move.from()).id(),
                    cluster.require(move.to()).id(),
                    move.bytes(),
                    now));
        }
        if (!planned.isEmpty()) {
            long bytes = planned.stream().mapToLong(MoveView::bytes).sum();
            events.cluster("REBALANCE", "Copies of " + bytes + " bytes begin to move from full nodes to empty ones.");
        }
        return planned;
    }

    /** The moves that are under way; empty when there are none. */
    @Transactional
    public List<MoveView> underWay() {
        return moves().stream()
                .map(move -> new MoveView(
                        name(move.key.from), name(move.key.to), move.bytes, move.bytesBegun, move.copiesBegun))
                .toList();
    }

    /** Stops: what has not landed stays where it is. Idempotent. */
    @Transactional
    public void stop() {
        List<RebalanceMove> moves = moves();
        if (moves.isEmpty()) {
            return;
        }
        moves.forEach(entities::remove);
        List<String> blobs = Rows.texts(
                entities.createNativeQuery("SELECT blob_id FROM replica WHERE leaving = 1 ORDER BY blob_id"));
        entities.createNativeQuery("UPDATE replica SET leaving = 0 WHERE leaving = 1")
                .executeUpdate();
        for (int from = 0; from < blobs.size(); from += PAGE) {
            var unused = mendCopies.mend(blobs.subList(from, Math.min(from + PAGE, blobs.size())));
        }
        events.cluster("REBALANCE", "The moving of copies was stopped.");
    }

    private List<RebalanceMove> moves() {
        return entities.createQuery("select m from RebalanceMove m order by m.key.from, m.key.to", RebalanceMove.class)
                .getResultList();
    }

    private String name(long id) {
        return cluster.byId(id).map(NodeView::name).orElse("removed");
    }
}
