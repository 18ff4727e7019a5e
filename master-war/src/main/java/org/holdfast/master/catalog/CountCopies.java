package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Counts versions by where their copies are, older versions too. Scans the catalog: some seconds for a million versions;
 * {@link ClusterTotals} spares it. There are as many groups as ways to choose nodes: some hundreds with a dozen nodes.
 */
@ApplicationScoped
public class CountCopies {
    @PersistenceContext
    EntityManager entities;

    @Transactional(Transactional.TxType.SUPPORTS)
    CopyCensus count(Instant now) {
        // Copies that are to leave their nodes have a minus before them.
        var rows = Rows.of(
                entities.createNativeQuery("SELECT c.wanted, c.held, COUNT(*), SUM(c.is_current), SUM(c.size) FROM"
                        + " (SELECT STRAIGHT_JOIN v.id = f.version_id AS is_current, b.size, n.replica_count + 1 AS wanted,"
                        + "  GROUP_CONCAT(IF(r.leaving, -r.node_id, r.node_id) SEPARATOR ' ') AS held"
                        + "  FROM file_version v JOIN file f ON f.id = v.file_id JOIN blob_ b ON b.id = v.blob_id"
                        + "  JOIN folder d ON d.id = f.folder_id JOIN namespace n ON n.id = d.namespace_id"
                        + "  LEFT JOIN replica r ON r.blob_id = b.id AND r.state = 'VERIFIED' GROUP BY v.id) c"
                        + " GROUP BY c.wanted, c.held"));
        return new CopyCensus(rows.stream().map(CountCopies::group).toList(), now);
    }

    private static CopyCensus.Group group(@Nullable Object[] row) {
        Set<Long> staying = new HashSet<>();
        Set<Long> leaving = new HashSet<>();
        String held = Rows.textOrNull(row[1]);
        Arrays.stream(held == null ? new String[0] : held.split(" ", -1))
                .mapToLong(Long::parseLong)
                .forEach(id -> (id < 0 ? leaving : staying).add(Math.abs(id)));
        return new CopyCensus.Group(
                (int) Rows.number(row[0]),
                staying,
                leaving,
                new CopyCensus.Amount(Rows.number(row[2]), Rows.number(row[3]), Rows.number(row[4])));
    }
}
