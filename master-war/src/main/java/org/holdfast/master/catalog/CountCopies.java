package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Counts versions by where their copies are, older versions too. Reads the catalog: some seconds for a million versions;
 * {@link ClusterTotals} spares it. There are as many groups as ways to choose nodes: some hundreds with a dozen nodes.
 *
 * <p>No statement reads more than {@link Rows#AT_ONCE} versions, so that none takes as long as the connections' time-out however
 * large the store is. What changes between two of them may be counted as it was before or after.
 */
@ApplicationScoped
public class CountCopies {
    @PersistenceContext
    EntityManager entities;

    @Transactional(Transactional.TxType.SUPPORTS)
    CopyCensus count(Instant now) {
        return count(now, Rows.AT_ONCE);
    }

    @Transactional(Transactional.TxType.SUPPORTS)
    CopyCensus count(Instant now, int atOnce) {
        Map<Kind, CopyCensus.Amount> amounts = new HashMap<>();
        long after = Long.MIN_VALUE;
        while (after < Long.MAX_VALUE) {
            long last = lastOf(after, atOnce);
            read(after, last)
                    .forEach(group -> amounts.merge(
                            new Kind(group.wanted(), group.staying(), group.leaving()),
                            group.amount(),
                            CopyCensus.Amount::plus));
            after = last;
        }
        return new CopyCensus(
                amounts.entrySet().stream()
                        .map(entry -> entry.getKey().with(entry.getValue()))
                        .toList(),
                now);
    }

    /** What makes versions alike. */
    private record Kind(int wanted, Set<Long> staying, Set<Long> leaving) {
        CopyCensus.Group with(CopyCensus.Amount amount) {
            return new CopyCensus.Group(wanted, staying, leaving, amount);
        }
    }

    /** The id of the last of so many versions; the largest number when there are fewer. */
    private long lastOf(long after, int atOnce) {
        return Rows.longs(entities.createNativeQuery(
                                "SELECT id FROM file_version WHERE id > ? ORDER BY id LIMIT 1 OFFSET " + (atOnce - 1))
                        .setParameter(1, after))
                .stream()
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    private List<CopyCensus.Group> read(long after, long last) {
        // Copies that are to leave their nodes have a minus before them.
        return Rows.of(entities.createNativeQuery(
                                "SELECT c.wanted, c.held, COUNT(*), SUM(c.is_current), SUM(c.size) FROM"
                                        + " (SELECT STRAIGHT_JOIN v.id = f.version_id AS is_current, b.size, n.replica_count + 1 AS wanted,"
                                        + "  GROUP_CONCAT(IF(r.leaving, -r.node_id, r.node_id) SEPARATOR ' ') AS held"
                                        + "  FROM file_version v JOIN file f ON f.id = v.file_id JOIN blob_ b ON b.id = v.blob_id"
                                        + "  JOIN folder d ON d.id = f.folder_id JOIN namespace n ON n.id = d.namespace_id"
                                        + "  LEFT JOIN replica r ON r.blob_id = b.id AND r.state = 'VERIFIED'"
                                        + "  WHERE v.id > ? AND v.id <= ? GROUP BY v.id) c GROUP BY c.wanted, c.held")
                        .setParameter(1, after)
                        .setParameter(2, last))
                .stream()
                .map(CountCopies::group)
                .toList();
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
