package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.TreeMap;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.RemovedMembers;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Which members' certificates are refused. Nodes have rows of their own that say so; of a worker, which the catalog does not
 * know otherwise, there is a row once it was removed.
 */
@ApplicationScoped
public class Removals {
    private static final String NAME = "[a-z0-9][a-z0-9.-]{0,62}";

    private volatile RemovedMembers known = RemovedMembers.NONE;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /** As of the last {@link #refresh}. */
    public RemovedMembers known() {
        return known;
    }

    /** Takes over what is stored, whichever master wrote it. */
    @Transactional
    public void refresh() {
        var since = new TreeMap<String, Instant>();
        // A name that somebody else has taken since has the node's key behind it.
        var rows = Rows.of(entities.createNativeQuery(
                "SELECT CONCAT('node ', REGEXP_REPLACE(name, '\\\\.removed-[0-9]+$', '')), admin_since FROM storage_node"
                        + " WHERE admin_state = 'REMOVED'"
                        + " UNION ALL SELECT CONCAT('worker ', name), removed_at FROM removed_worker"));
        for (@Nullable Object[] row : rows) {
            Rows.instant(row[1])
                    .ifPresent(removed ->
                            since.merge(Rows.text(row[0]), removed, (one, other) -> one.isAfter(other) ? one : other));
        }
        known = new RemovedMembers(since);
    }

    /**
     * Has the certificates refused that were made out to this worker until now. Again: those that were made since, too.
     *
     * @param accountId who wants it
     * @return the time of the removal
     * @throws HoldfastException INVALID for what is no worker's name
     */
    @Transactional
    public Instant removeWorker(String name, long accountId) {
        if (!name.matches(NAME)) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "A worker's name has 1 to 63 of the characters a-z 0-9 . - and starts with a letter or digit.");
        }
        Instant now = clock.instant();
        entities.createNativeQuery("INSERT INTO removed_worker (name, removed_at, removed_by) VALUES (?, ?, ?)"
                        + " ON DUPLICATE KEY UPDATE removed_at = VALUES(removed_at), removed_by = VALUES(removed_by)")
                .setParameter(1, name)
                .setParameter(2, Rows.utc(now))
                .setParameter(3, accountId)
                .executeUpdate();
        return now;
    }
}
