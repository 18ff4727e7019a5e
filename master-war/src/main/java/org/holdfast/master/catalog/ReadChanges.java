package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.ChangePage;
import org.holdfast.master.database.Rows;
import org.holdfast.master.replication.ReplicationConfig;
import org.jspecify.annotations.Nullable;

/** Tells what has changed since, in order. One indexed read. */
@ApplicationScoped
public class ReadChanges {
    @PersistenceContext
    EntityManager entities;

    @Inject
    NumberChanges numbers;

    @Inject
    ReplicationConfig replication;

    @Inject
    Clock clock;

    /**
     * The changes behind a number.
     *
     * @return empty when the log no longer has the next one, or has never come so far: whoever asks must compare all
     */
    @Transactional
    public Optional<ChangePage> after(long seq, int limit) {
        Instant graceIsOver = clock.instant().minus(replication.deleteGrace());
        List<ChangePage.Change> changes = Rows.of(
                        entities.createNativeQuery("SELECT seq, kind, path, blob_id, dropped_blob_id, changed_at"
                                        + " FROM change_log WHERE seq > ? ORDER BY seq LIMIT ?")
                                .setParameter(1, seq)
                                .setParameter(2, limit))
                .stream()
                .map(row -> change(row, graceIsOver))
                .toList();
        long head = numbers.head();
        boolean hasNext = changes.isEmpty() ? seq == head : changes.get(0).seq() == seq + 1;
        return hasNext ? Optional.of(new ChangePage(head, changes)) : Optional.empty();
    }

    private static ChangePage.Change change(@Nullable Object[] row, Instant graceIsOver) {
        Instant changedAt = Rows.instant(row[5]).orElseThrow();
        return new ChangePage.Change(
                Rows.number(row[0]),
                Rows.text(row[1]),
                Rows.text(row[2]),
                Optional.ofNullable(Rows.textOrNull(row[3])).map(BlobId::new),
                Optional.ofNullable(Rows.textOrNull(row[4])).map(BlobId::new),
                changedAt.isBefore(graceIsOver),
                changedAt);
    }
}
