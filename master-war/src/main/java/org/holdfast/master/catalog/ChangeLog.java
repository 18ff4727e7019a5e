package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
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

    /**
     * Adds an entry; it gets its place in the order of changes after the commit, by {@link NumberChanges}. An entry tells
     * of one dropped blob: each further one has an entry of its own behind it.
     *
     * @param blobId the bytes that the change is about
     * @param droppedBlobIds the bytes that lose their name by it
     */
    @Transactional(Transactional.TxType.MANDATORY)
    void add(
            ChangeKind kind,
            FileAddress address,
            @Nullable String blobId,
            List<String> droppedBlobIds,
            long accountId) {
        insert(kind, address, blobId, droppedBlobIds.isEmpty() ? null : droppedBlobIds.get(0), accountId);
        droppedBlobIds.stream()
                .skip(1)
                .forEach(dropped -> insert(ChangeKind.DROP_VERSION, address, null, dropped, accountId));
    }

    private void insert(
            ChangeKind kind,
            FileAddress address,
            @Nullable String blobId,
            @Nullable String droppedBlobId,
            long accountId) {
        entities.createNativeQuery("INSERT INTO change_log (kind, path, blob_id, dropped_blob_id, account_id,"
                        + " changed_at) VALUES (?, ?, ?, ?, ?, ?)")
                .setParameter(1, kind.name())
                .setParameter(2, address.toString())
                .setParameter(3, blobId)
                .setParameter(4, droppedBlobId)
                .setParameter(5, accountId)
                .setParameter(6, Rows.utc(clock.instant()))
                .executeUpdate();
    }
}
