package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import org.holdfast.contract.FileAddress;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/** Writes down what changes, within the transaction that changes it. */
@ApplicationScoped
public class ChangeLog {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    @Transactional(Transactional.TxType.MANDATORY)
    void add(ChangeKind kind, FileAddress address, @Nullable String blobId, long accountId) {
        entities.createNativeQuery(
                        "INSERT INTO change_log (kind, path, blob_id, account_id, changed_at) VALUES (?, ?, ?, ?, ?)")
                .setParameter(1, kind.name())
                .setParameter(2, address.toString())
                .setParameter(3, blobId)
                .setParameter(4, accountId)
                .setParameter(5, Rows.utc(clock.instant()))
                .executeUpdate();
    }
}
