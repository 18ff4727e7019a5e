package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.LockHolder;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/**
 * The rows of locks, within a caller's transaction. A row is locked after those of its folder and file, which keeps the
 * order of {@link Folders}.
 */
@ApplicationScoped
public class LockRows {
    /** Locks that one question is answered with. */
    static final int MOST = 1_000;

    private static final String IN_TIME = "expires_at > UTC_TIMESTAMP(6)";

    /**
     * Whether the holder may write there now, as {@link FindRoles} would say; asked of each lock whenever one is looked
     * at, so that no way in which a right ends has to think of locks.
     */
    private static final String HOLDER_MAY_WRITE = "EXISTS (SELECT 1 FROM account h JOIN namespace hn"
            + " ON hn.id = file_lock.namespace_id WHERE h.id = file_lock.account_id AND h.deleted_at IS NULL"
            + " AND NOT h.suspended AND COALESCE(h.valid_from <= UTC_TIMESTAMP(6), TRUE)"
            + " AND COALESCE(h.valid_until > UTC_TIMESTAMP(6), TRUE)"
            + " AND (h.role = 'ADMINISTRATOR' OR hn.owner_id = h.id"
            + " OR EXISTS (SELECT 1 FROM grant_ g JOIN folder d ON d.id = g.folder_id WHERE g.account_id = h.id"
            + " AND g.role <> 'READER' AND d.namespace_id = hn.id AND (d.path IN ('', file_lock.path)"
            + " OR LEFT(file_lock.path, CHAR_LENGTH(d.path) + 1) = CONCAT(d.path, '/')))"
            + " OR EXISTS (SELECT 1 FROM grant_ g JOIN file f ON f.id = g.file_id JOIN folder d ON d.id = f.folder_id"
            + " WHERE g.account_id = h.id AND g.role <> 'READER' AND d.namespace_id = hn.id"
            + " AND file_lock.path = IF(d.path = '', f.name, CONCAT(d.path, '/', f.name)))))";

    private static final String STANDS = "(" + IN_TIME + " AND " + HOLDER_MAY_WRITE + ")";

    private static final String COLUMNS = "path, kind, (SELECT name FROM account WHERE account.id = account_id), token,"
            + " acquired_at, expires_at, account_id, " + STANDS
            + ", TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), expires_at)";

    private static final String BELOW = "namespace_id = ? AND LEFT(path, CHAR_LENGTH(?)) = ?";

    @PersistenceContext
    EntityManager entities;

    /**
     * A lock, standing or expired.
     *
     * @param accountId whose it is
     * @param stands whether its time is not over, and its holder may still write there
     * @param left of its time
     */
    record Row(LockView lock, long accountId, boolean stands, Duration left) {
        /** Whether somebody else must not change the name. A put's own commit never asks. */
        boolean isInTheWayOf(Caller caller) {
            return stands && (lock.kind() == LockKind.TRANSFER || accountId != caller.accountId());
        }

        HoldfastException refusal() {
            boolean puts = lock.kind() == LockKind.TRANSFER;
            String what = puts ? " is being written by " : " is locked by ";
            return HoldfastException.locked(
                    lock.address() + what + lock.user() + ", until " + lock.until() + " unless that is renewed.",
                    new LockHolder(lock.user(), lock.until(), puts),
                    left);
        }
    }

    /**
     * Who wants a name.
     *
     * @param kind why
     * @param writer tells one put of an account from another
     * @param goesOn whether an earlier put of that account may be what is in the way, and is given up
     * @param lease how long
     */
    record Claim(LockKind kind, String writer, boolean goesOn, Duration lease) {}

    /** What a claim has come to: its own lock, an older one of the same account, or somebody else's. */
    record Claimed(long token, LockKind kind, long accountId, String writer) {}

    /** As {@link #tryToClaim}; also a name whose lock does not stand any more because its holder may not write there now. */
    @Transactional(Transactional.TxType.MANDATORY)
    Claimed claim(long namespaceId, FileAddress address, Caller caller, Claim claim) {
        Claimed claimed = tryToClaim(namespaceId, address, caller, claim);
        boolean isOthers = claimed.accountId != caller.accountId();
        if (isOthers && !find(namespaceId, address).map(Row::stands).orElse(false)) {
            delete(namespaceId, address);
            return tryToClaim(namespaceId, address, caller, claim);
        }
        return claimed;
    }

    /**
     * Takes the name if it is free, in one statement. Free is what nobody holds, what has expired, and for a put what it
     * held itself when it was tried before. Somebody who asks for a lock and has it already gets it for longer. The first
     * assignment decides, the others follow it: MariaDB assigns from left to right.
     */
    private Claimed tryToClaim(long namespaceId, FileAddress address, Caller caller, Claim claim) {
        Query query = entities.createNativeQuery("INSERT INTO file_lock (namespace_id, path_sha256, path, token,"
                + " account_id, kind, writer, acquired_at, expires_at) VALUES (?, ?, ?, NEXTVAL(file_lock_seq), ?, ?, ?,"
                + " UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL ? SECOND) ON DUPLICATE KEY UPDATE"
                + " token = IF(expires_at <= UTC_TIMESTAMP(6) OR (kind = 'TRANSFER' AND VALUES(kind) = 'TRANSFER'"
                + " AND account_id = VALUES(account_id) AND (? = 1 OR writer = VALUES(writer))), VALUES(token), token),"
                + " expires_at = IF(token = VALUES(token) OR (kind = 'EXPLICIT' AND VALUES(kind) = 'EXPLICIT'"
                + " AND account_id = VALUES(account_id)), VALUES(expires_at), expires_at),"
                + " acquired_at = IF(token = VALUES(token), VALUES(acquired_at), acquired_at),"
                + " account_id = IF(token = VALUES(token), VALUES(account_id), account_id),"
                + " kind = IF(token = VALUES(token), VALUES(kind), kind),"
                + " writer = IF(token = VALUES(token), VALUES(writer), writer)"
                + " RETURNING token, kind, account_id, writer");
        var row = Rows.of(query.setParameter(1, namespaceId)
                        .setParameter(2, PathKey.of(address.path()))
                        .setParameter(3, address.path())
                        .setParameter(4, caller.accountId())
                        .setParameter(5, claim.kind.name())
                        .setParameter(6, claim.writer)
                        .setParameter(7, claim.lease.toSeconds())
                        .setParameter(8, claim.goesOn ? 1 : 0))
                .get(0);
        return new Claimed(
                Rows.number(row[0]), LockKind.valueOf(Rows.text(row[1])), Rows.number(row[2]), Rows.text(row[3]));
    }

    /** The row of a name, locked until the transaction ends. */
    @Transactional(Transactional.TxType.MANDATORY)
    Optional<Row> find(long namespaceId, FileAddress address) {
        return Rows.first(entities.createNativeQuery("SELECT " + COLUMNS
                                + " FROM file_lock WHERE namespace_id = ? AND path_sha256 = ? FOR UPDATE")
                        .setParameter(1, namespaceId)
                        .setParameter(2, PathKey.of(address.path())))
                .map(row -> row(address.namespace(), row));
    }

    /** The rows of all names below a folder, locked until the transaction ends. */
    @Transactional(Transactional.TxType.MANDATORY)
    List<Row> findBelow(long namespaceId, FileAddress folder) {
        return rows(
                folder.namespace(),
                entities.createNativeQuery("SELECT " + COLUMNS + " FROM file_lock WHERE " + BELOW + " FOR UPDATE")
                        .setParameter(1, namespaceId)
                        .setParameter(2, ChangeNames.below(folder))
                        .setParameter(3, ChangeNames.below(folder)));
    }

    /** The locks that stand on a name and below it, in order of their paths. Locks nothing. */
    @Transactional(Transactional.TxType.SUPPORTS)
    List<Row> standing(long namespaceId, FileAddress address) {
        return rows(
                address.namespace(),
                entities.createNativeQuery("SELECT " + COLUMNS + " FROM file_lock WHERE ((" + BELOW
                                + ") OR (namespace_id = ? AND path_sha256 = ?)) AND " + STANDS
                                + " ORDER BY path LIMIT " + MOST)
                        .setParameter(1, namespaceId)
                        .setParameter(2, ChangeNames.below(address))
                        .setParameter(3, ChangeNames.below(address))
                        .setParameter(4, namespaceId)
                        .setParameter(5, PathKey.of(address.path())));
    }

    /** Whose locks are counted. */
    enum Asked {
        BY_ACCOUNT("account_id"),
        IN_NAMESPACE("namespace_id");

        private final String column;

        Asked(String column) {
            this.column = column;
        }
    }

    /** How many locks an account has asked for, or anybody in a namespace, whose time is not over. */
    @Transactional(Transactional.TxType.MANDATORY)
    long count(Asked asked, long id) {
        return Rows.longs(entities.createNativeQuery("SELECT COUNT(*) FROM file_lock WHERE " + asked.column
                                + " = ? AND kind = 'EXPLICIT' AND " + IN_TIME)
                        .setParameter(1, id))
                .get(0);
    }

    /** Ends the lock of a name, whoever has it. */
    @Transactional(Transactional.TxType.MANDATORY)
    void delete(long namespaceId, FileAddress address) {
        entities.createNativeQuery("DELETE FROM file_lock WHERE namespace_id = ? AND path_sha256 = ?")
                .setParameter(1, namespaceId)
                .setParameter(2, PathKey.of(address.path()))
                .executeUpdate();
    }

    /** Ends the locks of all names below a folder, whoever has them. */
    @Transactional(Transactional.TxType.MANDATORY)
    void deleteBelow(long namespaceId, FileAddress folder) {
        entities.createNativeQuery("DELETE FROM file_lock WHERE " + BELOW)
                .setParameter(1, namespaceId)
                .setParameter(2, ChangeNames.below(folder))
                .setParameter(3, ChangeNames.below(folder))
                .executeUpdate();
    }

    private static List<Row> rows(String namespace, Query query) {
        return Rows.of(query).stream().map(row -> row(namespace, row)).toList();
    }

    private static Row row(String namespace, @Nullable Object[] row) {
        var lock = new LockView(
                new FileAddress(namespace, Rows.text(row[0])),
                LockKind.valueOf(Rows.text(row[1])),
                Rows.text(row[2]),
                Rows.number(row[3]),
                Rows.instant(row[4]).orElseThrow(),
                Rows.instant(row[5]).orElseThrow());
        return new Row(lock, Rows.number(row[6]), Rows.number(row[7]) == 1, Duration.ofSeconds(Rows.number(row[8])));
    }
}
