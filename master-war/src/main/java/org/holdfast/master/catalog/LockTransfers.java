package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.Ulid;
import org.holdfast.contract.WriteLock;
import org.holdfast.master.access.TicketConfig;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Rows;

/**
 * The locks of puts: taken when an upload is asked for, renewed while bytes flow, and ended by the commit. All by the
 * database's clock, so that all masters and nodes agree. Run what changes something through {@link
 * org.holdfast.master.database.Contention}.
 */
@ApplicationScoped
public class LockTransfers {
    /** How long an expired lock is kept at least: its writer may still commit while nobody else came. */
    private static final Duration KEPT = Duration.ofHours(1);

    /** Locks that one step forgets. */
    static final int TRIM = 1_000;

    @PersistenceContext
    EntityManager entities;

    @Inject
    LockRows locks;

    @Inject
    RespectLocks respect;

    @Inject
    LockConfig config;

    @Inject
    TicketConfig tickets;

    @Inject
    Clock clock;

    /**
     * Which put this is.
     *
     * @param name the same in all tries of one put, where the client tells it
     * @param goesOn whether the client says that an earlier try of its own has failed
     */
    record Writer(Optional<String> name, boolean goesOn) {}

    /**
     * Takes the lock for a put, or lets it use the one that its account has asked for. Costs one statement.
     *
     * @return empty for a put that gives way to whoever has the name
     * @throws HoldfastException LOCKED {@code locked}
     */
    @Transactional(Transactional.TxType.MANDATORY)
    Optional<WriteLock> acquire(
            Caller caller, long namespaceId, FileAddress address, OnConflict onConflict, Writer writer) {
        if (onConflict == OnConflict.RENAME) {
            return Optional.empty();
        }
        String name = writer.name.orElseGet(() -> Ulid.next(clock));
        var claim = new LockRows.Claim(LockKind.TRANSFER, name, writer.goesOn, config.transferLease());
        LockRows.Claimed claimed = locks.claim(namespaceId, address, caller, claim);
        boolean mine = claimed.accountId() == caller.accountId()
                && (claimed.kind() == LockKind.EXPLICIT || claimed.writer().equals(name));
        if (!mine) {
            throw locks.find(namespaceId, address).orElseThrow().refusal();
        }
        return Optional.of(new WriteLock(claimed.token(), config.transferLease()));
    }

    /**
     * Ends a put's lock in the transaction that makes its version, and makes sure that nobody else has had the name since
     * it was taken. Costs one statement. A lock that has run out is good as long as nobody came; one that the account
     * asked for goes on.
     *
     * @throws HoldfastException LOCKED {@code lock-lost}: somebody came. LOCKED {@code locked} for a put without a lock,
     *     while a lock stands
     */
    @Transactional(Transactional.TxType.MANDATORY)
    void close(Caller caller, PutTerms terms, long namespaceId, FileAddress address) {
        if (terms.lock().isEmpty()) {
            respect.pass(caller, namespaceId, address);
            return;
        }
        long token = terms.lock().get().token();
        int ended = byToken("DELETE FROM file_lock WHERE", "AND kind = 'TRANSFER'", namespaceId, address, token)
                .executeUpdate();
        if (ended == 0 && !goesOn(namespaceId, address, token)) {
            throw HoldfastException.of(
                    FailureKind.LOCKED,
                    "lock-lost",
                    "The lock on " + address + " ran out during this put, or was broken, and somebody else came in"
                            + " between; nothing was stored. Look at what is there, then send it again.");
        }
    }

    private boolean goesOn(long namespaceId, FileAddress address, long token) {
        return !Rows.longs(
                        byToken("SELECT token FROM file_lock WHERE", "LOCK IN SHARE MODE", namespaceId, address, token))
                .isEmpty();
    }

    private Query byToken(String verb, String end, long namespaceId, FileAddress address, long token) {
        return entities.createNativeQuery(verb + " namespace_id = ? AND path_sha256 = ? AND token = ? " + end)
                .setParameter(1, namespaceId)
                .setParameter(2, PathKey.of(address.path()))
                .setParameter(3, token);
    }

    /** Prolongs the locks whose bytes are flowing, also those that have just run out without anybody coming. */
    @Transactional
    public void renew(List<Long> tokens) {
        if (!tokens.isEmpty()) {
            Query query = entities.createNativeQuery("UPDATE file_lock SET expires_at = GREATEST(expires_at,"
                            + " UTC_TIMESTAMP(6) + INTERVAL ? SECOND) WHERE token IN (" + Rows.marks(tokens.size())
                            + ")")
                    .setParameter(1, config.transferLease().toSeconds());
            Rows.fill(query, 2, tokens).executeUpdate();
        }
    }

    /** Lets others have the names of puts that have failed; each may still be tried again with its ticket until then. */
    @Transactional
    public void release(List<Long> tokens) {
        if (!tokens.isEmpty()) {
            Query query = entities.createNativeQuery("UPDATE file_lock SET expires_at = LEAST(expires_at,"
                    + " UTC_TIMESTAMP(6)) WHERE kind = 'TRANSFER' AND token IN (" + Rows.marks(tokens.size()) + ")");
            Rows.fill(query, 1, tokens).executeUpdate();
        }
    }

    /**
     * Forgets some locks that ran out so long ago that no ticket tells of them any more. Any master may call it.
     *
     * @return whether there may be more
     */
    @Transactional
    public boolean trim() {
        return entities.createNativeQuery("DELETE FROM file_lock WHERE expires_at < UTC_TIMESTAMP(6)"
                                + " - INTERVAL ? SECOND ORDER BY expires_at LIMIT " + TRIM)
                        .setParameter(1, KEPT.plus(tickets.life()).toSeconds())
                        .executeUpdate()
                == TRIM;
    }
}
