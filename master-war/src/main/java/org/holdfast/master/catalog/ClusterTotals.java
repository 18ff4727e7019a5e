package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import org.holdfast.master.database.Rows;

/** Counts what is kept. Scans the catalog: a second for a million files. */
@ApplicationScoped
public class ClusterTotals {
    @PersistenceContext
    EntityManager entities;

    /**
     * The whole store in numbers.
     *
     * @param files files
     * @param bytes their bytes, each file once
     * @param copiesWanted copies that the namespaces ask for
     * @param copiesVerified copies that were found right
     * @param underReplicated files with fewer verified copies than wanted
     */
    public record Totals(long files, long bytes, long copiesWanted, long copiesVerified, long underReplicated) {}

    @Transactional(Transactional.TxType.SUPPORTS)
    public Totals count() {
        var row = Rows.first(entities.createNativeQuery("SELECT COUNT(*), COALESCE(SUM(c.size), 0),"
                        + " COALESCE(SUM(c.wanted), 0), COALESCE(SUM(c.verified), 0),"
                        + " COALESCE(SUM(c.verified < c.wanted), 0) FROM"
                        + " (SELECT b.size, n.replica_count + 1 AS wanted,"
                        + "  (SELECT COUNT(*) FROM replica r WHERE r.blob_id = b.id AND r.state = 'VERIFIED') AS verified"
                        + "  FROM file f JOIN file_version v ON v.id = f.version_id JOIN blob_ b ON b.id = v.blob_id"
                        + "  JOIN folder d ON d.id = f.folder_id JOIN namespace n ON n.id = d.namespace_id) c"))
                .orElseThrow();
        return new Totals(
                Rows.number(row[0]),
                Rows.number(row[1]),
                Rows.number(row[2]),
                Rows.number(row[3]),
                Rows.number(row[4]));
    }
}
