package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.holdfast.master.database.Rows;

/** Sweeps away what has ended by itself: sessions, revocations, counted failures, links. */
@ApplicationScoped
public class SweepAccounts {
    /** How often to call {@link #sweep}. */
    public static final Duration EVERY = Duration.ofMinutes(1);

    /** Of one step; what is more waits for the next. */
    private static final int MOST = 5_000;

    @PersistenceContext
    EntityManager entities;

    @Inject
    ThrottleConfig guessing;

    @Inject
    Clock clock;

    /** Idempotent; any master may call it at any time. */
    @Transactional
    public void sweep() {
        Instant now = clock.instant();
        sweep("session WHERE expires_at", now);
        sweep("password_link WHERE expires_at", now);
        sweep("sign_in_failure WHERE last_at", now.minus(guessing.longest()));
        sweep("sign_in_address WHERE last_at", now.minus(KnownAddresses.KEEP));
        entities.createNativeQuery(
                        "DELETE FROM revocation WHERE at < UTC_TIMESTAMP(6) - INTERVAL ? SECOND LIMIT " + MOST)
                .setParameter(1, Sessions.LIFE.multipliedBy(2).toSeconds())
                .executeUpdate();
    }

    private void sweep(String tableAndColumn, Instant before) {
        entities.createNativeQuery("DELETE FROM " + tableAndColumn + " < ? LIMIT " + MOST)
                .setParameter(1, Rows.utc(before))
                .executeUpdate();
    }
}
