package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeEvents;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.Rows;

/** Remembers that the catalog lacks changes which nodes have applied, until an administrator deletes the rows. */
@ApplicationScoped
public class CatalogGaps {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Leadership leadership;

    @Inject
    NodeEvents events;

    @Inject
    Clock clock;

    /**
     * What is missing.
     *
     * @param noticedAt when it was last noticed: what is older and unknown may belong to it
     * @param firstSeq number of the first change that the catalog lacks
     * @param lastSeq number of the last change that a node had applied
     * @param nodes names of those that had applied changes, in one text
     * @param unknownBlobs blobs that checks have found on nodes since, and that the catalog does not know
     */
    public record Gap(Instant noticedAt, long firstSeq, long lastSeq, String nodes, long unknownBlobs) {}

    /** Writes down that a node is ahead; once, also where the node does not hear of it. Its scrub looks at the whole disk again, so that what the catalog does not know is counted soon. */
    @Transactional
    public void note(NodeView node, long headSeq, long appliedSeq) {
        leadership.requireLeader();
        boolean isKnown = !Rows.longs(
                        entities.createNativeQuery("SELECT id FROM catalog_gap WHERE node_id = ? AND last_seq >= ?")
                                .setParameter(1, node.id())
                                .setParameter(2, appliedSeq))
                .isEmpty();
        if (isKnown) {
            return;
        }
        entities.createNativeQuery(
                        "INSERT INTO catalog_gap (node_id, noticed_at, first_seq, last_seq) VALUES (?, ?, ?, ?)")
                .setParameter(1, node.id())
                .setParameter(2, Rows.utc(clock.instant()))
                .setParameter(3, headSeq + 1)
                .setParameter(4, appliedSeq)
                .executeUpdate();
        entities.createNativeQuery("UPDATE copy_check SET phase = 'INVENTORY', position = '' WHERE node_id = ?"
                        + " AND kind = 'SCRUB' AND state = 'RUNNING'")
                .setParameter(1, node.id())
                .executeUpdate();
        events.node(
                node,
                NodeEvents.Event.of(
                        "CATALOG",
                        "It has applied the changes up to " + appliedSeq + ", and the catalog ends at " + headSeq
                                + ": the catalog was restored from an older state."));
    }

    /** All that is noted, as one. */
    @Transactional
    public Optional<Gap> gap() {
        return Rows.first(entities.createNativeQuery("SELECT MAX(g.noticed_at), MIN(g.first_seq), MAX(g.last_seq),"
                        + " GROUP_CONCAT(DISTINCT n.name ORDER BY n.name SEPARATOR ', '),"
                        + " (SELECT COUNT(DISTINCT f.name) FROM check_finding f WHERE f.what = 'UNKNOWN'"
                        + " AND f.found_at >= (SELECT MIN(noticed_at) FROM catalog_gap))"
                        + " FROM catalog_gap g JOIN storage_node n ON n.id = g.node_id HAVING COUNT(*) > 0"))
                .map(row -> new Gap(
                        Rows.instant(row[0]).orElseThrow(),
                        Rows.number(row[1]),
                        Rows.number(row[2]),
                        Rows.text(row[3]),
                        Rows.number(row[4])));
    }
}
