package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.holdfast.master.database.Rows;

/** The addresses from which accounts have signed in with their passwords lately. */
@ApplicationScoped
public class KnownAddresses {
    /** How long after the last time an address is forgotten. */
    static final Duration KEEP = Duration.ofDays(90);

    private static final Duration FRESH = Duration.ofDays(1);

    /** Of one account; further ones are remembered when others have been forgotten. */
    private static final int MOST = 1_000;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    boolean isKnown(GuessedAt target, Client client) {
        return target.accountId()
                .filter(id -> hasSignedIn(id, client, clock.instant().minus(KEEP)))
                .isPresent();
    }

    private boolean hasSignedIn(long accountId, Client client, Instant since) {
        return !Rows.longs(entities.createNativeQuery(
                                "SELECT 1 FROM sign_in_address WHERE account_id = ? AND address = ? AND last_at >= ?")
                        .setParameter(1, accountId)
                        .setParameter(2, client.network())
                        .setParameter(3, Rows.utc(since)))
                .isEmpty();
    }

    /** Writes once a day for each address. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void remember(GuessedAt target, Client client) {
        Instant now = clock.instant();
        target.accountId()
                .filter(id -> !hasSignedIn(id, client, now.minus(FRESH)))
                .ifPresent(id -> entities.createNativeQuery(
                                "INSERT INTO sign_in_address (account_id, address, last_at) SELECT ?, ?, ? FROM DUAL"
                                        + " WHERE (SELECT COUNT(*) FROM sign_in_address WHERE account_id = ?) < " + MOST
                                        + " ON DUPLICATE KEY UPDATE last_at = VALUES(last_at)")
                        .setParameter(1, id)
                        .setParameter(2, client.network())
                        .setParameter(3, Rows.utc(now))
                        .setParameter(4, id)
                        .executeUpdate());
    }

    List<String> of(long accountId) {
        return Rows.texts(entities.createNativeQuery("SELECT address FROM sign_in_address WHERE account_id = ?")
                .setParameter(1, accountId));
    }
}
