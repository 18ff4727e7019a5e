package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import org.holdfast.master.database.Rows;

/** Forgets the copies on a node that has been removed, after others were planned in their stead. */
@ApplicationScoped
public class ForgetNode {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /** Forgets the copies of these blobs on the node. Where it is the last trace of a file's bytes, it stays, as lost. */
    @Transactional(Transactional.TxType.MANDATORY)
    void forget(long nodeId, List<String> blobIds) {
        if (blobIds.isEmpty()) {
            return;
        }
        // The copies that were planned in their stead must be there to be seen.
        entities.flush();
        String these = " IN (" + Rows.marks(blobIds.size()) + ")";
        var now = Rows.utc(clock.instant());
        Rows.fill(
                        entities.createNativeQuery(
                                        "UPDATE task SET state = 'CANCELLED', sent_at = NULL, changed_at = ?,"
                                                + " reason = 'the node was removed' WHERE target_node_id = ?"
                                                + " AND state IN ('QUEUED', 'RUNNING', 'WAITING', 'DEAD') AND blob_id"
                                                + these)
                                .setParameter(1, now)
                                .setParameter(2, nodeId),
                        3,
                        blobIds)
                .executeUpdate();
        Rows.fill(
                        entities.createNativeQuery("DELETE FROM replica WHERE node_id = ? AND blob_id" + these
                                        + " AND (EXISTS (SELECT 1 FROM replica o WHERE o.blob_id = replica.blob_id"
                                        + " AND o.node_id <> replica.node_id) OR NOT EXISTS"
                                        + " (SELECT 1 FROM file_version v WHERE v.blob_id = replica.blob_id))")
                                .setParameter(1, nodeId),
                        2,
                        blobIds)
                .executeUpdate();
        Rows.fill(
                        entities.createNativeQuery("UPDATE replica SET state = 'LOST', changed_at = ?"
                                        + " WHERE node_id = ? AND state <> 'LOST' AND blob_id" + these)
                                .setParameter(1, now)
                                .setParameter(2, nodeId),
                        3,
                        blobIds)
                .executeUpdate();
        Rows.fill(
                        entities.createNativeQuery("DELETE FROM blob_ WHERE id" + these
                                + " AND NOT EXISTS (SELECT 1 FROM replica r WHERE r.blob_id = blob_.id)"
                                + " AND NOT EXISTS (SELECT 1 FROM file_version v WHERE v.blob_id = blob_.id)"),
                        1,
                        blobIds)
                .executeUpdate();
    }
}
