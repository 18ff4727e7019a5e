package org.holdfast.master.audit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import org.holdfast.contract.AuditRecord;
import org.holdfast.master.database.Rows;

/** The table of records. */
@ApplicationScoped
public class AuditLog {
    /** Rows of one statement: a hundred cost little more than one. */
    private static final int ROWS = 100;

    private static final int TRIM = 2_000;

    /** A node knows an account by its name only. */
    private static final String ROW = "(?, ?, ?, COALESCE(?, (SELECT a.id FROM account a WHERE a.name = ?"
            + " AND a.deleted_at IS NULL)), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    @PersistenceContext
    EntityManager entities;

    @Inject
    AuditConfig config;

    @Inject
    Clock clock;

    /** Stores records; those that are stored already stay as they are. All of them are stored when this returns, or none. */
    @Transactional
    public void store(List<AuditRecord> records) {
        for (int from = 0; from < records.size(); from += ROWS) {
            insert(records.subList(from, Math.min(records.size(), from + ROWS)));
        }
    }

    private void insert(List<AuditRecord> records) {
        String rows = String.join(", ", Collections.nCopies(records.size(), ROW));
        Query insert =
                entities.createNativeQuery("INSERT INTO audit_log (record, at, component, account_id, actor, via,"
                        + " address, action, object, detail, status, code, bytes, millis) VALUES " + rows
                        + " ON DUPLICATE KEY UPDATE record = audit_log.record");
        int next = 1;
        for (AuditRecord record : records) {
            next = fill(insert, next, record);
        }
        insert.executeUpdate();
    }

    private static int fill(Query insert, int first, AuditRecord record) {
        AuditRecord.Who who = record.who();
        AuditRecord.Result result = record.result();
        boolean knownByName = who.accountId().isEmpty() && who.via() == AuditRecord.Via.TICKET;
        int next = first;
        insert.setParameter(next++, record.id());
        insert.setParameter(next++, Rows.utc(record.at()));
        insert.setParameter(next++, record.component());
        insert.setParameter(next++, who.accountId().orElse(null));
        insert.setParameter(next++, knownByName ? who.actor() : null);
        insert.setParameter(next++, who.actor());
        insert.setParameter(next++, who.via().name());
        insert.setParameter(next++, who.address());
        insert.setParameter(next++, record.what().action());
        insert.setParameter(next++, record.what().object());
        insert.setParameter(next++, record.what().detail().orElse(null));
        insert.setParameter(next++, result.status());
        insert.setParameter(next++, result.code().orElse(null));
        insert.setParameter(next++, result.bytes().orElse(null));
        insert.setParameter(next++, result.millis());
        return next;
    }

    /** Forgets some records that are older than they are kept. Returns how many. */
    @Transactional
    public int trim() {
        return entities.createNativeQuery("DELETE FROM audit_log WHERE at < ? ORDER BY at LIMIT " + TRIM)
                .setParameter(1, Rows.utc(clock.instant().minus(config.keep())))
                .executeUpdate();
    }
}
