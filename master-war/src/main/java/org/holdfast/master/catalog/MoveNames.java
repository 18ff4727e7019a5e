package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.OnConflict;
import org.holdfast.master.access.FileOperation;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Rows;

/**
 * Gives files and folders other names; the bytes stay where they are. Each method is one transaction; run it through
 * {@link org.holdfast.master.database.Contention}.
 */
@ApplicationScoped
public class MoveNames {
    @PersistenceContext
    EntityManager entities;

    @Inject
    FindNames names;

    @Inject
    FindRoles roles;

    @Inject
    Folders folders;

    @Inject
    FreeName freeName;

    @Inject
    ChangeNames changeNames;

    @Inject
    RespectLocks respectLocks;

    @Inject
    CountUsage usage;

    @Inject
    ChangeLog changes;

    @Inject
    Clock clock;

    /**
     * Moves a file, or a folder with all that is below it.
     *
     * @param onConflict what to do when a file has the new name; a folder is never replaced
     * @return where it is now
     */
    @Transactional
    public FileAddress move(Caller caller, FileAddress from, FileAddress to, OnConflict onConflict) {
        return move(caller, from, to, onConflict, Conditions.NONE);
    }

    /** As {@link #move(Caller, FileAddress, FileAddress, OnConflict)}, when the conditions hold for what is moved. */
    @Transactional
    public FileAddress move(
            Caller caller, FileAddress from, FileAddress to, OnConflict onConflict, Conditions conditions) {
        if (from.isRoot() || to.isRoot()) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", "A namespace can't be moved.");
        }
        to.requireShort();
        Namespace source = names.namespace(caller, from, FileOperation.MOVE_AWAY);
        boolean isFolder = names.isFolder(caller, from);
        if (from.equals(to)) {
            requireMet(conditions, source, from, isFolder);
            return to;
        }
        Namespace target = names.namespace(caller, to, isFolder ? FileOperation.MAKE_FOLDER : FileOperation.PUT);
        if (isFolder && (to.toString() + "/").startsWith(from + "/")) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT, "conflict", "The folder " + from + " can't be moved into itself.");
        }
        long oldParent = folders.lock(source.id, from.parent(), isFolder).orElseThrow(() -> FindNames.missing(from));
        long newParent = folders.ensure(target.id, to.parent(), isFolder);
        requireMet(conditions, source, from, isFolder);
        FileAddress free = makeWay(caller, target, newParent, to, isFolder ? OnConflict.FAIL : onConflict);
        endLocks(caller, source, from, isFolder);
        respectLocks.pass(caller, target.id, free);
        if (isFolder) {
            moveFolder(source, from, target, free, newParent);
        } else {
            moveFile(oldParent, from, newParent, free);
        }
        changes.add(ChangeKind.MOVE, free, null, List.of(), caller.accountId());
        if (source.id != target.id) {
            if (isFolder) {
                usage.requireRoomForFolders(target.id);
            }
            usage.move(source.id, target.id, isFolder ? below(target, free) : file(newParent, free));
        }
        return free;
    }

    private void requireMet(Conditions conditions, Namespace source, FileAddress from, boolean isFolder) {
        if (conditions.equals(Conditions.NONE)) {
            return;
        }
        if (isFolder) {
            PutConditions.require(conditions, from, Conditions.Current.WITHOUT_VALIDATORS);
            return;
        }
        long folderId = folders.lock(source.id, from.parent(), false).orElseThrow(() -> FindNames.missing(from));
        var unused = names.lockFile(folderId, from, conditions);
    }

    /** The lock of what moves ends, as when it is removed; one on the name that it gets goes on. */
    private void endLocks(Caller caller, Namespace source, FileAddress from, boolean isFolder) {
        if (isFolder) {
            respectLocks.endBelow(caller, source.id, from);
        } else {
            respectLocks.end(caller, source.id, from);
        }
    }

    private FileAddress makeWay(Caller caller, Namespace target, long parent, FileAddress to, OnConflict onConflict) {
        folders.requireNoFolder(parent, to);
        boolean taken = !Rows.longs(
                        entities.createNativeQuery("SELECT id FROM file WHERE folder_id = ? AND name = ? FOR UPDATE")
                                .setParameter(1, parent)
                                .setParameter(2, to.name()))
                .isEmpty();
        if (!taken) {
            return to;
        }
        return switch (onConflict) {
            case FAIL ->
                throw HoldfastException.of(
                        FailureKind.CONFLICT,
                        "conflict",
                        "There is a file " + to + " already; add on-conflict=replace or on-conflict=rename.");
            case RENAME -> {
                roles.requireBeside(caller, target.ownerId, to);
                FileAddress free = to.parent().child(freeName.find(parent, to.name()));
                free.requireShort();
                yield free;
            }
            case REPLACE -> {
                changeNames.makeRoom(caller, to);
                yield to;
            }
        };
    }

    private void moveFile(long oldParent, FileAddress from, long newParent, FileAddress to) {
        int moved = entities.createNativeQuery(
                        "UPDATE file SET folder_id = ?, name = ?, moved_at = ? WHERE folder_id = ? AND name = ?")
                .setParameter(1, newParent)
                .setParameter(2, to.name())
                .setParameter(3, Rows.utc(clock.instant()))
                .setParameter(4, oldParent)
                .setParameter(5, from.name())
                .executeUpdate();
        if (moved == 0) {
            throw FindNames.missing(from);
        }
    }

    private CountUsage.Usage file(long folderId, FileAddress address) {
        return counted(entities.createNativeQuery("SELECT COUNT(DISTINCT f.id), COALESCE(SUM(b.size), 0) FROM file f"
                        + " JOIN file_version v ON v.file_id = f.id JOIN blob_ b ON b.id = v.blob_id"
                        + " WHERE f.folder_id = ? AND f.name = ?")
                .setParameter(1, folderId)
                .setParameter(2, address.name()));
    }

    private CountUsage.Usage below(Namespace namespace, FileAddress folder) {
        return counted(entities.createNativeQuery("SELECT COUNT(DISTINCT f.id), COALESCE(SUM(b.size), 0) FROM folder d"
                        + " JOIN file f ON f.folder_id = d.id JOIN file_version v ON v.file_id = f.id"
                        + " JOIN blob_ b ON b.id = v.blob_id"
                        + " WHERE d.namespace_id = ? AND (d.path = ? OR LEFT(d.path, CHAR_LENGTH(?)) = ?)")
                .setParameter(1, namespace.id)
                .setParameter(2, folder.path())
                .setParameter(3, ChangeNames.below(folder))
                .setParameter(4, ChangeNames.below(folder)));
    }

    private static CountUsage.Usage counted(Query query) {
        var row = Rows.first(query).orElseThrow();
        return CountUsage.usage(row[0], row[1]);
    }

    private void moveFolder(Namespace source, FileAddress from, Namespace target, FileAddress to, long newParent) {
        String below = ChangeNames.below(from);
        requireShortEnough(source, from, to);
        requireShallowEnough(source, from, to);
        var now = Rows.utc(clock.instant());
        entities.createNativeQuery("UPDATE folder SET namespace_id = ?, moved_at = ?,"
                        + " path_sha256 = SHA2(CONCAT(?, SUBSTR(path, CHAR_LENGTH(?) + 1)), 256),"
                        + " path = CONCAT(?, SUBSTR(path, CHAR_LENGTH(?) + 1))"
                        + " WHERE namespace_id = ? AND LEFT(path, CHAR_LENGTH(?)) = ?")
                .setParameter(1, target.id)
                .setParameter(2, now)
                .setParameter(3, ChangeNames.below(to))
                .setParameter(4, below)
                .setParameter(5, ChangeNames.below(to))
                .setParameter(6, below)
                .setParameter(7, source.id)
                .setParameter(8, below)
                .setParameter(9, below)
                .executeUpdate();
        int moved = entities.createNativeQuery(
                        "UPDATE folder SET namespace_id = ?, moved_at = ?, parent_id = ?, name = ?,"
                                + " path = ?, path_sha256 = ? WHERE namespace_id = ? AND path_sha256 = ?")
                .setParameter(1, target.id)
                .setParameter(2, now)
                .setParameter(3, newParent)
                .setParameter(4, to.name())
                .setParameter(5, to.path())
                .setParameter(6, PathKey.of(to.path()))
                .setParameter(7, source.id)
                .setParameter(8, PathKey.of(from.path()))
                .executeUpdate();
        if (moved == 0) {
            throw FindNames.missingFolder(from);
        }
    }

    /** Where paths are too long already, they may get shorter. */
    private void requireShortEnough(Namespace source, FileAddress from, FileAddress to) {
        int grows = to.path().getBytes(java.nio.charset.StandardCharsets.UTF_8).length
                - from.path().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        if (grows <= 0) {
            return;
        }
        String below = ChangeNames.below(from);
        long longest = Rows.longs(entities.createNativeQuery("SELECT COALESCE(MAX(LENGTH(d.path)"
                                + " + COALESCE((SELECT 1 + MAX(LENGTH(f.name)) FROM file f WHERE f.folder_id = d.id), 0)), 0)"
                                + " FROM folder d WHERE d.namespace_id = ?"
                                + " AND (d.path_sha256 = ? OR LEFT(d.path, CHAR_LENGTH(?)) = ?)")
                        .setParameter(1, source.id)
                        .setParameter(2, PathKey.of(from.path()))
                        .setParameter(3, below)
                        .setParameter(4, below))
                .get(0);
        if (longest + grows > FileAddress.MAX_PATH_BYTES) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-name",
                    "Moved there, a path in the folder would be longer than " + FileAddress.MAX_PATH_BYTES + " bytes.");
        }
    }

    /** Folders that are too deep already may move to where they are no deeper. */
    private void requireShallowEnough(Namespace source, FileAddress from, FileAddress to) {
        int sinks = to.levels() - from.levels();
        if (sinks > 0) {
            String below = ChangeNames.below(from);
            long deepest = Rows.longs(entities.createNativeQuery("SELECT COALESCE(MAX(LENGTH(path) + 1"
                                    + " - LENGTH(REPLACE(path, '/', ''))), 0) FROM folder"
                                    + " WHERE namespace_id = ? AND LEFT(path, CHAR_LENGTH(?)) = ?")
                            .setParameter(1, source.id)
                            .setParameter(2, below)
                            .setParameter(3, below))
                    .get(0);
            FileAddress.requireMakeable((int) Math.max(deepest, from.levels()) + sinks);
        }
    }
}
