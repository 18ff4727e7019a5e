package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Instant;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.Rows;
import org.holdfast.master.replication.NodesThatCount;

/**
 * Counts files and copies, those of older versions too. Scans the catalog: some seconds for a million versions; {@link
 * ClusterTotals} spares it.
 */
@ApplicationScoped
public class CountCopies {
    @PersistenceContext
    EntityManager entities;

    @Inject
    NodesThatCount nodes;

    @Transactional(Transactional.TxType.SUPPORTS)
    ClusterTotals.Totals count(Instant now) {
        var row = Rows.first(
                        entities.createNativeQuery("SELECT COALESCE(SUM(c.is_current), 0), COALESCE(SUM(c.size), 0),"
                                + " COALESCE(SUM(c.wanted), 0), COALESCE(SUM(c.verified), 0),"
                                + " COALESCE(SUM(LEAST(c.good, c.wanted)), 0),"
                                + " COALESCE(SUM((c.wanted - LEAST(c.good, c.wanted)) * c.size), 0),"
                                + " COALESCE(SUM(c.good < c.wanted), 0), COALESCE(SUM(c.readable = 1 AND c.wanted > 1), 0),"
                                + " COALESCE(SUM(c.readable = 0), 0) FROM"
                                + " (SELECT STRAIGHT_JOIN v.id = f.version_id AS is_current, b.size, n.replica_count + 1 AS wanted,"
                                + "  COALESCE(SUM(r.state = 'VERIFIED'), 0) AS verified,"
                                + "  COALESCE(SUM(r.state = 'VERIFIED' AND NOT r.leaving AND r.node_id IN ("
                                + nodes.holding(now) + ")), 0) AS good,"
                                + "  COALESCE(SUM(r.state = 'VERIFIED' AND r.node_id IN ("
                                + nodes.with(NodeView::canRead)
                                + ")), 0) AS readable"
                                + "  FROM file_version v JOIN file f ON f.id = v.file_id JOIN blob_ b ON b.id = v.blob_id"
                                + "  JOIN folder d ON d.id = f.folder_id JOIN namespace n ON n.id = d.namespace_id"
                                + "  LEFT JOIN replica r ON r.blob_id = b.id GROUP BY v.id) c"))
                .orElseThrow();
        return new ClusterTotals.Totals(
                Rows.number(row[0]),
                Rows.number(row[1]),
                new ClusterTotals.CopyTotals(
                        Rows.number(row[2]),
                        Rows.number(row[3]),
                        Rows.number(row[4]),
                        Rows.number(row[5]),
                        Rows.number(row[6]),
                        Rows.number(row[7]),
                        Rows.number(row[8])),
                now);
    }
}
