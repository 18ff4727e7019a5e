package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/** The stored side of {@link Revocations}: what ends before its time, for all masters to read. */
@ApplicationScoped
public class Revoke {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Event<Revoked> revoked;

    /** Something was added; fired within the transaction. */
    record Revoked() {}

    /**
     * One row.
     *
     * @param sessionId the session that ends; empty: all of the account's that are older than the epoch
     * @param epoch the account's when the row was made
     */
    record Entry(long accountId, Optional<String> sessionId, int epoch) {}

    /** Ends one session. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void session(long accountId, String sessionId) {
        add(accountId, sessionId);
    }

    /** Ends all sessions of an account, and forgets the passwords that masters remember; its epoch must have grown. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void allOf(long accountId) {
        // What has ended one by one has ended with the epoch, too.
        for (String table : new String[] {"session", "revocation"}) {
            entities.createNativeQuery("DELETE FROM " + table + " WHERE account_id = ?")
                    .setParameter(1, accountId)
                    .executeUpdate();
        }
        add(accountId, null);
    }

    private void add(long accountId, @Nullable String sessionId) {
        entities.createNativeQuery("INSERT INTO revocation (account_id, session_id, epoch, at)"
                        + " SELECT id, ?, epoch, UTC_TIMESTAMP(6) FROM account WHERE id = ?")
                .setParameter(1, sessionId)
                .setParameter(2, accountId)
                .executeUpdate();
        revoked.fire(new Revoked());
    }

    /** What was added within the last span, by the database's clock. */
    // A transaction, since it is asked in the background: without one all such threads share an entity manager.
    @Transactional
    public List<Entry> within(Duration span) {
        return Rows.of(entities.createNativeQuery("SELECT account_id, session_id, epoch FROM revocation"
                                + " WHERE at > UTC_TIMESTAMP(6) - INTERVAL ? SECOND")
                        .setParameter(1, span.toSeconds()))
                .stream()
                .map(row -> new Entry(
                        Rows.number(row[0]), Optional.ofNullable(Rows.textOrNull(row[1])), (int) Rows.number(row[2])))
                .toList();
    }
}
