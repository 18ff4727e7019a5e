package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.database.Rows;

/**
 * Puts the changes in order: gives those that are committed and have no number yet the next ones, without gaps. Only the
 * leader does so. A number given within the transaction that makes the change could become visible after a larger one,
 * and a node that had seen the larger one would miss it.
 */
@ApplicationScoped
public class NumberChanges {
    /** Most in one transaction. */
    static final int BATCH = 500;

    private static final int TRIM = 1_000;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Leadership leadership;

    @Inject
    ChangesConfig config;

    @Inject
    Clock clock;

    /**
     * Numbers some changes, in the order of their making.
     *
     * @return whether there may be more
     */
    @Transactional
    public boolean number() {
        List<Long> fresh = Rows.longs(
                entities.createNativeQuery("SELECT id FROM change_log WHERE seq IS NULL ORDER BY id LIMIT " + BATCH));
        if (fresh.isEmpty()) {
            return false;
        }
        leadership.requireLeader();
        // Keys come from the database and are numbers.
        String ids = fresh.stream().map(String::valueOf).collect(Collectors.joining(", "));
        entities.createNativeQuery("UPDATE change_log SET seq = ? + FIELD(id, " + ids + ") WHERE id IN (" + ids + ")")
                .setParameter(1, head())
                .executeUpdate();
        return fresh.size() == BATCH;
    }

    /** Number of the last change; 0 when there is none. */
    @Transactional
    public long head() {
        return Rows.longs(entities.createNativeQuery("SELECT COALESCE(MAX(seq), 0) FROM change_log"))
                .get(0);
    }

    /** Forgets some of the changes that {@link ChangesConfig} does not keep. Returns how many went. */
    @Transactional
    public int trim() {
        leadership.requireLeader();
        return entities.createNativeQuery(
                        "DELETE FROM change_log WHERE seq <= ? AND changed_at < ? ORDER BY seq LIMIT " + TRIM)
                .setParameter(1, head() - config.keepEntries())
                .setParameter(2, Rows.utc(clock.instant().minus(config.keep())))
                .executeUpdate();
    }
}
