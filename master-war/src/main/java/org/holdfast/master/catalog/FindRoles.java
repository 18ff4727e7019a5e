package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.access.FileOperation;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Finds what somebody may do with an address. Owners and administrators cost nothing; everybody else one query by keys,
 * also where there is no such namespace, so that the time taken does not tell.
 */
@ApplicationScoped
public class FindRoles {
    /** Names that one account can see in a folder without a role on it, the first by name. */
    private static final int MAX_VISIBLE = 10_000;

    @PersistenceContext
    EntityManager entities;

    /**
     * Lets the caller pass.
     *
     * @param ownerId of the namespace; null when there is none
     * @throws HoldfastException NOT_FOUND for who has no role there, whatever is there; FORBIDDEN for whose role does not
     *     allow it
     */
    @Transactional(Transactional.TxType.SUPPORTS)
    public void require(Caller caller, @Nullable Long ownerId, FileAddress address, FileOperation operation) {
        FileRole role = of(caller, ownerId, address).orElseThrow(() -> hidden(address));
        if (!role.allows(operation)) {
            throw HoldfastException.of(
                    FailureKind.FORBIDDEN,
                    "forbidden",
                    "You are " + role.name().toLowerCase(java.util.Locale.ROOT) + " of " + address
                            + ", which does not allow this.");
        }
    }

    /**
     * Lets the caller put a file beside one that has the wanted name: a role on that file alone is none on its folder.
     *
     * @throws HoldfastException as {@link #require}, about the folder: which names are taken in it is told to nobody else
     */
    @Transactional(Transactional.TxType.SUPPORTS)
    public void requireBeside(Caller caller, long ownerId, FileAddress taken) {
        require(caller, ownerId, taken.parent(), FileOperation.PUT);
    }

    /** The strongest role on the address: of the owner, or of a grant on it or above it. */
    Optional<FileRole> of(Caller caller, @Nullable Long ownerId, FileAddress address) {
        boolean owns = ownerId != null && (caller.isAdministrator() || ownerId == caller.accountId());
        return owns ? Optional.of(FileRole.OWNER) : FileRole.strongest(granted(caller.accountId(), address).stream());
    }

    private List<FileRole> granted(long accountId, FileAddress address) {
        List<String> keys = keys(address);
        Query query = entities.createNativeQuery("SELECT g.role FROM namespace n"
                + " JOIN folder d ON d.namespace_id = n.id AND d.path_sha256 IN (" + marks(keys.size()) + ")"
                + " JOIN grant_ g ON g.folder_id = d.id AND g.account_id = ? WHERE n.name = ?"
                + " UNION ALL SELECT g.role FROM namespace n"
                + " JOIN folder d ON d.namespace_id = n.id AND d.path_sha256 = ?"
                + " JOIN file f ON f.folder_id = d.id AND f.name = ?"
                + " JOIN grant_ g ON g.file_id = f.id AND g.account_id = ? WHERE n.name = ?");
        int at = 1;
        for (String key : keys) {
            query.setParameter(at++, key);
        }
        query.setParameter(at++, accountId)
                .setParameter(at++, address.namespace())
                .setParameter(at++, PathKey.of(address.parent().path()))
                .setParameter(at++, address.name())
                .setParameter(at++, accountId)
                .setParameter(at, address.namespace());
        return Rows.texts(query).stream().map(FileRole::valueOf).toList();
    }

    /** Keys of the folders from the root down to the address. */
    static List<String> keys(FileAddress address) {
        List<String> keys = new ArrayList<>();
        FileAddress there = address;
        keys.add(PathKey.of(there.path()));
        while (!there.isRoot()) {
            there = there.parent();
            keys.add(PathKey.of(there.path()));
        }
        return keys;
    }

    /** Names in a folder, on which the caller has no role, that lead to what is shared with the caller. */
    Set<String> leadingOn(Caller caller, FileAddress folder) {
        Set<String> names = new TreeSet<>();
        String below = ChangeNames.below(folder);
        names.addAll(Rows.texts(entities.createNativeQuery(
                        "SELECT DISTINCT SUBSTRING_INDEX(SUBSTR(t.path, CHAR_LENGTH(?) + 1), '/', 1) FROM ("
                                + "SELECT d.path FROM grant_ g JOIN folder d ON d.id = g.folder_id"
                                + " JOIN namespace n ON n.id = d.namespace_id WHERE g.account_id = ? AND n.name = ?"
                                + " UNION ALL SELECT IF(d.path = '', f.name, CONCAT(d.path, '/', f.name)) FROM grant_ g"
                                + " JOIN file f ON f.id = g.file_id JOIN folder d ON d.id = f.folder_id"
                                + " JOIN namespace n ON n.id = d.namespace_id WHERE g.account_id = ? AND n.name = ?) t"
                                + " WHERE LEFT(t.path, CHAR_LENGTH(?)) = ? AND CHAR_LENGTH(t.path) > CHAR_LENGTH(?)"
                                + " ORDER BY 1 LIMIT " + MAX_VISIBLE)
                .setParameter(1, below)
                .setParameter(2, caller.accountId())
                .setParameter(3, folder.namespace())
                .setParameter(4, caller.accountId())
                .setParameter(5, folder.namespace())
                .setParameter(6, below)
                .setParameter(7, below)
                .setParameter(8, below)));
        return names;
    }

    /** Placeholders for a list of values. */
    static String marks(int values) {
        return "?" + ", ?".repeat(values - 1);
    }

    /** The answer to who has no role, the same for what is there and what is not. */
    static HoldfastException hidden(FileAddress address) {
        return HoldfastException.of(
                FailureKind.NOT_FOUND, "not-found", "There is nothing at " + address + " that you may use.");
    }
}
