package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.Ulid;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.Rows;

/** The scrubs that somebody asked for and that wait. Any master takes requests; the leader carries them out. */
@ApplicationScoped
public class ScrubRequests {
    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView cluster;

    @Inject
    HeldCopies copies;

    @Inject
    Clock clock;

    /** A request that is not carried out yet. */
    record Request(String id, Optional<Long> nodeId, Scope scope, String position) {}

    /**
     * Asks for a scrub. That the files exist is the caller's business.
     *
     * @param node only the copies on this node; empty for all
     * @return the check's id
     */
    @Transactional
    public String add(Optional<NodeView> node, Scope scope) {
        List<Long> nodes = node.map(one -> List.of(one.id()))
                .orElseGet(() -> cluster.nodes().stream().map(NodeView::id).toList());
        HeldCopies.Extent extent = copies.verified(nodes, scope);
        String id = Ulid.next(clock);
        entities.createNativeQuery("INSERT INTO copy_check (id, kind, node_id, namespace, path, mode, state, phase,"
                        + " copies_total, bytes_total, started_at, updated_at)"
                        + " VALUES (?, 'DEMAND', ?, ?, ?, 'FULL', 'WAITING', 'DIGESTS', ?, ?, ?, ?)")
                .setParameter(1, id)
                .setParameter(2, node.map(NodeView::id).orElse(null))
                .setParameter(3, scope.namespace().orElse(null))
                .setParameter(4, scope.path().orElse(null))
                .setParameter(5, extent.copies())
                .setParameter(6, extent.bytes())
                .setParameter(7, Rows.utc(clock.instant()))
                .setParameter(8, Rows.utc(clock.instant()))
                .executeUpdate();
        return id;
    }

    @Transactional
    Optional<Request> oldest() {
        return Rows.first(entities.createNativeQuery("SELECT id, node_id, namespace, path, position FROM copy_check"
                        + " WHERE kind = 'DEMAND' AND state IN ('WAITING', 'RUNNING') ORDER BY id"))
                .map(row -> new Request(
                        Rows.text(row[0]),
                        Optional.ofNullable(row[1]).map(Rows::number),
                        new Scope(
                                Optional.ofNullable(Rows.textOrNull(row[2])),
                                Optional.ofNullable(Rows.textOrNull(row[3]))),
                        Rows.text(row[4])));
    }
}
