package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.access.FileOperation;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.account.Caller;
import org.holdfast.master.cluster.NodeEvents;

/**
 * Locks names for accounts that ask for it, and ends locks. Each method is one transaction; run it through {@link
 * org.holdfast.master.database.Contention}.
 */
@ApplicationScoped
public class LockNames {
    /** Locks that one account may have asked for at a time. */
    static final int MOST = 10_000;
    /** Locks that all accounts together may have asked for in one namespace at a time. */
    static final int MOST_IN_NAMESPACE = 20_000;

    private static final String EVENT = "LOCK";

    @PersistenceContext
    EntityManager entities;

    @Inject
    FindNames names;

    @Inject
    FindRoles roles;

    @Inject
    Folders folders;

    @Inject
    LockRows locks;

    @Inject
    LockConfig config;

    @Inject
    NodeEvents events;

    /**
     * Locks a file, or a name that no file has yet: until the lock ends, only the caller's account changes it. Asked
     * again by the same account, the time begins anew and the token stays.
     *
     * @param lease how long; empty for the usual time
     * @throws HoldfastException LOCKED {@code locked}, INVALID for a lease that is too long, CONFLICT for a folder and
     *     {@code too-many-locks}
     */
    @Transactional
    public LockView lock(Caller caller, FileAddress address, Optional<Duration> lease) {
        requireBounded(lease);
        requireFileName(address);
        address.requireShort();
        Namespace namespace = names.namespace(caller, address, FileOperation.PUT);
        // Whoever moves or removes the folder ends first, and this lock is then on a name without a file, or comes
        // first.
        var unused = folders.lock(namespace.id, address.parent(), false);
        if (names.isFolder(caller, address)) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT,
                    "is-a-folder",
                    "There is a folder named " + address + "; files are locked, one by one.");
        }
        var claim = new LockRows.Claim(LockKind.EXPLICIT, "", false, lease.orElse(config.lease()));
        LockRows.Claimed claimed = locks.claim(namespace.id, address, caller, claim);
        LockRows.Row row = locks.find(namespace.id, address).orElseThrow();
        if (claimed.kind() != LockKind.EXPLICIT || claimed.accountId() != caller.accountId()) {
            throw row.refusal();
        }
        if (locks.count(LockRows.Asked.BY_ACCOUNT, caller.accountId()) > MOST) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT,
                    "too-many-locks",
                    "You have locked " + MOST + " names already; end some of these locks first.");
        }
        if (locks.count(LockRows.Asked.IN_NAMESPACE, namespace.id) > MOST_IN_NAMESPACE) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT,
                    "too-many-locks",
                    MOST_IN_NAMESPACE + " names in " + namespace.name
                            + " are locked already; its owner can end these locks.");
        }
        return row.lock();
    }

    /**
     * Ends a lock: the caller's own, that of a put of the caller's included, or as owner or administrator somebody
     * else's, which is an event. A put whose lock is ended is refused when it wants to commit.
     *
     * @throws HoldfastException NOT_FOUND when none stands, LOCKED {@code locked} for who may not break it
     */
    @Transactional
    public void unlock(Caller caller, FileAddress address) {
        requireFileName(address);
        Namespace namespace = names.namespace(caller, address, FileOperation.LIST);
        LockRows.Row row = locks.find(namespace.id, address)
                .filter(LockRows.Row::stands)
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.NOT_FOUND, "not-found", "There is no lock on " + address + "."));
        if (row.accountId() != caller.accountId()) {
            boolean owns = roles.of(caller, namespace.ownerId, address)
                    .filter(role -> role == FileRole.OWNER)
                    .isPresent();
            if (!owns) {
                throw row.refusal();
            }
            events.cluster(
                    EVENT, caller.name() + " broke the lock of " + row.lock().user() + " on " + address);
        }
        locks.delete(namespace.id, address);
    }

    /**
     * Ends all locks on an address and below it, whoever holds them, those of puts under way included; an event tells so.
     *
     * @throws HoldfastException FORBIDDEN for who does not own the namespace and is no administrator
     */
    @Transactional
    public void unlockBelow(Caller caller, FileAddress address) {
        Namespace namespace = names.namespace(caller, address, FileOperation.LIST);
        boolean owns = roles.of(caller, namespace.ownerId, address)
                .filter(role -> role == FileRole.OWNER)
                .isPresent();
        if (!owns) {
            throw HoldfastException.of(
                    FailureKind.FORBIDDEN,
                    "forbidden",
                    "Only the owner of " + namespace.name + " and administrators end all locks below a folder.");
        }
        locks.delete(namespace.id, address);
        locks.deleteBelow(namespace.id, address);
        events.cluster(EVENT, caller.name() + " broke all locks on " + address + " and below");
    }

    /** The locks that stand on an address and below it, in order of their paths, at most 1,000. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<LockView> list(Caller caller, FileAddress address) {
        Namespace namespace = names.namespace(caller, address, FileOperation.LIST);
        return locks.standing(namespace.id, address).stream()
                .map(LockRows.Row::lock)
                .toList();
    }

    /** Ends all locks in a namespace whose files are about to be removed with the account that owns it. */
    @Transactional
    public void breakAll(Caller administrator, FileAddress root) {
        Namespace namespace = names.namespace(administrator, root, FileOperation.DELETE);
        locks.deleteBelow(namespace.id, root);
    }

    /** Ends all locks of an account that goes away. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void endAllOf(long accountId) {
        entities.createNativeQuery("DELETE FROM file_lock WHERE account_id = ?")
                .setParameter(1, accountId)
                .executeUpdate();
    }

    private void requireBounded(Optional<Duration> lease) {
        if (lease.filter(asked -> asked.toSeconds() < 1 || asked.compareTo(config.longest()) > 0)
                .isPresent()) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "A lock stands for 1 to " + config.longest().toSeconds() + " seconds.");
        }
    }

    private static void requireFileName(FileAddress address) {
        if (address.isRoot()) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "A namespace can't be locked; files can.");
        }
    }
}
