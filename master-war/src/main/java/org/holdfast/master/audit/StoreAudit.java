package org.holdfast.master.audit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.AuditRecord;
import org.holdfast.master.database.Contention;
import org.holdfast.master.database.SqlFailure;

/** Stores records whatever is wrong with one of them: that one must not keep all others out for ever. */
@ApplicationScoped
public class StoreAudit {
    private static final Logger LOG = Logger.getLogger(StoreAudit.class.getName());

    @Inject
    AuditLog log;

    /**
     * Stores them; idempotent by their ids.
     *
     * @throws RuntimeException when the database is away; none or some of them are stored then
     */
    public void store(List<AuditRecord> records) {
        try {
            Contention.retryRun(() -> log.store(records));
        } catch (RuntimeException e) {
            if (!SqlFailure.HOPELESS.explains(e)) {
                throw e;
            }
            records.forEach(this::storeAlone);
        }
    }

    private void storeAlone(AuditRecord record) {
        try {
            Contention.retryRun(() -> log.store(List.of(record)));
        } catch (RuntimeException e) {
            if (!SqlFailure.HOPELESS.explains(e)) {
                throw e;
            }
            LOG.log(Level.SEVERE, e, () -> "a record of the audit log that can't be stored: " + record.toJson());
        }
    }
}
