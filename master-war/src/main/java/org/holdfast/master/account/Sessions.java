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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Ulid;
import org.holdfast.master.database.Rows;

/** Sign-ins that last: opened, listed and ended by those whose they are, and by administrators. */
@ApplicationScoped
public class Sessions {
    /** How long one lasts, unless the account's validity ends before. */
    public static final Duration LIFE = Duration.ofHours(12);

    /** Of one account; the oldest gives way. */
    private static final int MAX_PER_ACCOUNT = 500;

    /**
     * Of one account, in the list that each master keeps in memory. Whoever ends more within a day ends all that are open
     * instead, which takes one row in place of these.
     */
    static final int MAX_ENDED_PER_ACCOUNT = 1_000;

    /**
     * Uses that are not written down yet; more are lost, which costs nothing but the column's precision. And sessions that
     * are known; when there are more, all are asked for once more.
     */
    private static final int MAX_REMEMBERED = 100_000;

    private final Map<String, Instant> used = new ConcurrentHashMap<>();

    /** Those that this master has opened, or has found in the database. */
    private final Set<SessionClaims> known = ConcurrentHashMap.newKeySet();

    @PersistenceContext
    EntityManager entities;

    @Inject
    Accounts accounts;

    @Inject
    Revoke revoke;

    @Inject
    Revocations revocations;

    @Inject
    Clock clock;

    /** A session as people see it. */
    public record SessionView(String id, Instant openedAt, Instant expiresAt, Instant lastUsedAt, Client client) {}

    /**
     * Opens one for somebody who has just signed in; its claims are to be sealed.
     *
     * @throws HoldfastException UNAUTHENTICATED when what they signed in with has lost its force meanwhile: another
     *     master may remember it for two seconds longer
     */
    @Transactional
    public SessionClaims open(Caller caller, Client client) {
        Account account = accounts.lockedFor(caller);
        makeRoom(account.caller());
        Instant now = clock.instant();
        // After making room, which may have begun another epoch.
        var claims = new SessionClaims(
                Ulid.next(clock), account.caller(), account.validity().cut(now.plus(LIFE)));
        entities.createNativeQuery("INSERT INTO session (id, account_id, opened_at, expires_at, last_used_at, address,"
                        + " user_agent) VALUES (?, ?, ?, ?, ?, ?, ?)")
                .setParameter(1, claims.sessionId())
                .setParameter(2, account.id)
                .setParameter(3, Rows.utc(now))
                .setParameter(4, Rows.utc(claims.expiresAt()))
                .setParameter(5, Rows.utc(now))
                .setParameter(6, client.address())
                .setParameter(7, client.userAgent())
                .executeUpdate();
        remember(claims);
        return claims;
    }

    /**
     * Whether somebody has opened it. Asks the database once for each session of another master's, so that a seal alone,
     * by whoever has come by the key, makes neither a session nor an account. Whether it goes on, {@link Revocations} say.
     */
    @Transactional(Transactional.TxType.SUPPORTS)
    public boolean isKnown(SessionClaims claims) {
        if (known.contains(claims)) {
            return true;
        }
        boolean found = !Rows.longs(entities.createNativeQuery("SELECT 1 FROM session s JOIN account a ON a.id ="
                                + " s.account_id WHERE s.id = ? AND a.id = ? AND a.name = ? AND a.role = ?"
                                + " AND a.deleted_at IS NULL")
                        .setParameter(1, claims.sessionId())
                        .setParameter(2, claims.caller().accountId())
                        .setParameter(3, claims.caller().name())
                        .setParameter(4, claims.caller().role().name()))
                .isEmpty();
        if (found) {
            remember(claims);
        }
        return found;
    }

    private void remember(SessionClaims claims) {
        if (known.size() >= MAX_REMEMBERED) {
            known.clear();
        }
        known.add(claims);
    }

    private void makeRoom(Caller owner) {
        Rows.texts(entities.createNativeQuery("SELECT id FROM session WHERE account_id = ? ORDER BY opened_at DESC, id"
                                + " LIMIT 100 OFFSET ?")
                        .setParameter(1, owner.accountId())
                        .setParameter(2, MAX_PER_ACCOUNT - 1))
                .forEach(id -> end(owner, id));
    }

    /** Those of an account that last, the newest first. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<SessionView> of(Caller caller, String name) {
        Account account = accounts.ownOrAny(caller, name);
        return Rows.of(entities.createNativeQuery("SELECT id, opened_at, expires_at, last_used_at, address, user_agent"
                                + " FROM session WHERE account_id = ? AND expires_at > ? ORDER BY opened_at DESC, id")
                        .setParameter(1, account.id)
                        .setParameter(2, Rows.utc(clock.instant())))
                .stream()
                .map(row -> new SessionView(
                        Rows.text(row[0]),
                        Rows.instant(row[1]).orElseThrow(),
                        Rows.instant(row[2]).orElseThrow(),
                        Rows.instant(row[3]).orElseThrow(),
                        new Client(Rows.text(row[4]), Rows.text(row[5]))))
                .toList();
    }

    /** Ends one of an account's sessions, or all of them; NOT_FOUND when that one is not among them. */
    @Transactional
    public void end(Caller caller, String name, Optional<String> sessionId) {
        Account account = accounts.ownOrAny(caller, name);
        if (sessionId.isEmpty()) {
            accounts.endSessions(accounts.locked(account.name));
        } else if (!end(account.caller(), sessionId.get())) {
            throw HoldfastException.of(
                    FailureKind.NOT_FOUND, "not-found", "The account has no session " + sessionId.get() + ".");
        }
    }

    /** Ends the session of a token. */
    @Transactional
    public void end(SessionClaims claims) {
        var unused = end(claims.caller(), claims.sessionId());
    }

    private boolean end(Caller owner, String sessionId) {
        boolean found = entities.createNativeQuery("DELETE FROM session WHERE id = ? AND account_id = ?")
                        .setParameter(1, sessionId)
                        .setParameter(2, owner.accountId())
                        .executeUpdate()
                > 0;
        if (found && revocations.sessionsOf(owner.accountId()) >= MAX_ENDED_PER_ACCOUNT) {
            accounts.endSessions(accounts.locked(owner.name()));
        } else if (found) {
            revoke.session(owner.accountId(), sessionId);
        }
        return found;
    }

    /** Notes that a session's token was shown. */
    void use(String sessionId) {
        if (used.size() < MAX_REMEMBERED) {
            used.put(sessionId, clock.instant());
        }
    }

    /** Writes down when sessions were used last. */
    @Transactional
    public void recordUses() {
        for (String id : List.copyOf(used.keySet())) {
            Instant at = used.remove(id);
            if (at != null) {
                entities.createNativeQuery("UPDATE session SET last_used_at = ? WHERE id = ? AND last_used_at < ?")
                        .setParameter(1, Rows.utc(at))
                        .setParameter(2, id)
                        .setParameter(3, Rows.utc(at))
                        .executeUpdate();
            }
        }
    }
}
