package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.access.FileOperation;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.account.Accounts;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Rows;

/**
 * Gives others roles on files and folders, and takes them away. Each method is one transaction; run it through {@link
 * org.holdfast.master.database.Contention}.
 */
@ApplicationScoped
public class ShareNames {
    @PersistenceContext
    EntityManager entities;

    @Inject
    FindNames names;

    @Inject
    SharedThing things;

    @Inject
    Accounts accounts;

    @Inject
    Clock clock;

    /**
     * Somebody's role on an address.
     *
     * @param from where it was granted: the address itself, or above it
     * @param grantedBy empty for the owner, to whom nobody grants anything
     */
    public record Permit(
            String user, FileRole role, FileAddress from, Optional<String> grantedBy, Optional<Instant> grantedAt) {}

    /** Who may use the address: the owner first, then by where it was granted, from the top. For who has a role on it. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<Permit> list(Caller caller, FileAddress address) {
        Namespace namespace = names.namespace(caller, address, FileOperation.LIST);
        var unused = things.at(namespace, address);
        List<Permit> permits = new ArrayList<>();
        Rows.texts(entities.createNativeQuery("SELECT name FROM account WHERE id = ?")
                        .setParameter(1, namespace.ownerId))
                .forEach(owner -> permits.add(new Permit(
                        owner,
                        FileRole.OWNER,
                        new FileAddress(address.namespace(), ""),
                        Optional.empty(),
                        Optional.empty())));
        List<String> keys = FindRoles.keys(address);
        Query query = entities.createNativeQuery("SELECT a.name, g.role, d.path, '', b.name, g.granted_at"
                + " FROM folder d JOIN grant_ g ON g.folder_id = d.id JOIN account a ON a.id = g.account_id"
                + " JOIN account b ON b.id = g.granted_by"
                + " WHERE d.namespace_id = ? AND d.path_sha256 IN (" + FindRoles.marks(keys.size()) + ")"
                + " UNION ALL SELECT a.name, g.role, d.path, f.name, b.name, g.granted_at"
                + " FROM folder d JOIN file f ON f.folder_id = d.id JOIN grant_ g ON g.file_id = f.id"
                + " JOIN account a ON a.id = g.account_id JOIN account b ON b.id = g.granted_by"
                + " WHERE d.namespace_id = ? AND d.path_sha256 = ? AND f.name = ? ORDER BY 3, 4, 1");
        int at = 1;
        query.setParameter(at++, namespace.id);
        for (String key : keys) {
            query.setParameter(at++, key);
        }
        query.setParameter(at++, namespace.id)
                .setParameter(at++, PathKey.of(address.parent().path()))
                .setParameter(at, address.name());
        for (var row : Rows.of(query)) {
            var folder = new FileAddress(address.namespace(), Rows.text(row[2]));
            String file = Rows.text(row[3]);
            permits.add(new Permit(
                    Rows.text(row[0]),
                    FileRole.valueOf(Rows.text(row[1])),
                    file.isEmpty() ? folder : folder.child(file),
                    Optional.of(Rows.text(row[4])),
                    Rows.instant(row[5])));
        }
        return permits;
    }

    /**
     * Gives an account a role, in place of the one that it was given on this very address.
     *
     * @throws HoldfastException NOT_FOUND for an unknown address, or {@link Accounts#UNKNOWN}, CONFLICT for the owner, who has all roles
     */
    @Transactional
    public void grant(Caller caller, FileAddress address, String user, FileRole role) {
        Namespace namespace = names.namespace(caller, address, FileOperation.GRANT);
        SharedThing.Key thing = things.at(namespace, address);
        long accountId = accounts.idOf(user);
        if (accountId == namespace.ownerId) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT, "conflict", user + " owns " + address + " and needs no role on it.");
        }
        entities.createNativeQuery("INSERT INTO grant_ (account_id, " + thing.column()
                        + ", role, granted_by, granted_at) VALUES (?, ?, ?, ?, ?)"
                        + " ON DUPLICATE KEY UPDATE role = ?, granted_by = ?, granted_at = ?")
                .setParameter(1, accountId)
                .setParameter(2, thing.id())
                .setParameter(3, role.name())
                .setParameter(4, caller.accountId())
                .setParameter(5, Rows.utc(clock.instant()))
                .setParameter(6, role.name())
                .setParameter(7, caller.accountId())
                .setParameter(8, Rows.utc(clock.instant()))
                .executeUpdate();
    }

    /**
     * Takes away what an account was given on this very address; everybody may give up the own role. The answer is the same
     * for an account without a role there and for none.
     */
    @Transactional
    public void revoke(Caller caller, FileAddress address, String user) {
        boolean own = user.equals(caller.name());
        Namespace namespace = names.namespace(caller, address, own ? FileOperation.LIST : FileOperation.GRANT);
        SharedThing.Key thing = things.at(namespace, address);
        int revoked = entities.createNativeQuery("DELETE FROM grant_ WHERE " + thing.column() + " = ? AND account_id IN"
                        + " (SELECT id FROM account WHERE name = ? AND deleted_at IS NULL)")
                .setParameter(1, thing.id())
                .setParameter(2, user)
                .executeUpdate();
        if (revoked == 0) {
            throw HoldfastException.of(
                    FailureKind.NOT_FOUND,
                    "not-found",
                    user + " was given no role on " + address + " itself; GET /api/v1/access tells where it comes"
                            + " from.");
        }
    }
}
