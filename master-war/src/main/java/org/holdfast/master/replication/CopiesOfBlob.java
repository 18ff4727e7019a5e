package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.BlobId;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.Rows;

/** Answers where the copies of a blob are. One query over the primary key. */
@ApplicationScoped
public class CopiesOfBlob {
    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView cluster;

    /**
     * One copy.
     *
     * @param node where
     * @param priority 0 for the origin
     * @param state what is known of it
     * @param verifiedAt when its digests were last right
     */
    public record Copy(NodeView node, int priority, ReplicaState state, Optional<Instant> verifiedAt) {
        public boolean isOrigin() {
            return priority == Replica.ORIGIN;
        }
    }

    /** All copies, wanted or there, in order of priority. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<Copy> all(BlobId blob) {
        return Rows.of(entities.createNativeQuery("SELECT node_id, priority, state, verified_at FROM replica"
                                + " WHERE blob_id = ? ORDER BY priority, node_id")
                        .setParameter(1, blob.value()))
                .stream()
                .flatMap(row -> cluster
                        .byId(Rows.number(row[0]))
                        .map(node -> new Copy(
                                node,
                                (int) Rows.number(row[1]),
                                ReplicaState.valueOf(Rows.text(row[2])),
                                Rows.instant(row[3])))
                        .stream())
                .toList();
    }

    /** The nodes that a reader may be sent to, best first. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<NodeView> readable(BlobId blob) {
        return all(blob).stream()
                .filter(copy -> copy.state() == ReplicaState.VERIFIED)
                .map(Copy::node)
                .filter(NodeView::canRead)
                .sorted(Comparator.comparing(node -> !node.isPrompt()))
                .toList();
    }

    /**
     * Which of these blobs the catalog knows to be on a node. A node that landed a blob for a put that went on without
     * it has a copy that nobody counts on, and is to forget it.
     *
     * @throws org.holdfast.contract.HoldfastException NOT_FOUND when the node itself is unknown
     */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<String> known(String node, List<String> blobIds) {
        long nodeId = cluster.require(node).id();
        return blobIds.isEmpty()
                ? List.of()
                : entities.createQuery(
                                "select r.key.blobId from Replica r where r.key.blobId in :ids and r.key.nodeId = :node",
                                String.class)
                        .setParameter("ids", blobIds)
                        .setParameter("node", nodeId)
                        .getResultList();
    }
}
