package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.List;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.access.FileOperation;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Rows;

/**
 * Makes and removes folders, removes files. Each method is one transaction; run it through {@link
 * org.holdfast.master.database.Contention}.
 */
@ApplicationScoped
public class ChangeNames {
    /** Files, and versions of files, that one step of a recursive removal takes away: keeps transactions short. */
    static final int STEP = 500;

    @PersistenceContext
    EntityManager entities;

    @Inject
    FindNames names;

    @Inject
    Folders folders;

    @Inject
    KeepVersions keepVersions;

    @Inject
    RespectLocks respectLocks;

    @Inject
    CountUsage usage;

    @Inject
    ChangeLog changes;

    /**
     * What a step of a removal has done.
     *
     * @param files that are gone by it
     * @param mayBeMore whether the folder may have more
     */
    record Step(int files, boolean mayBeMore) {}

    /** Makes the folder and its parents; nothing changes when it exists. */
    @Transactional
    public void makeFolder(Caller caller, FileAddress folder) {
        makeFolder(caller, folder, Conditions.NONE);
    }

    /** As {@link #makeFolder(Caller, FileAddress)}, when the conditions hold for the folder. */
    @Transactional
    public void makeFolder(Caller caller, FileAddress folder, Conditions conditions) {
        folder.requireShort();
        Namespace namespace = names.namespace(caller, folder, FileOperation.MAKE_FOLDER);
        boolean isNew = folders.lock(namespace.id, folder, false).isEmpty();
        PutConditions.require(conditions, folder, isNew ? null : Conditions.Current.WITHOUT_VALIDATORS);
        if (isNew) {
            respectLocks.pass(caller, namespace.id, folder);
            var unused = folders.ensure(namespace.id, folder, false);
            changes.add(ChangeKind.MAKE_FOLDER, folder, null, List.of(), caller.accountId());
        }
    }

    /**
     * Removes a file with all its versions.
     *
     * @param conditions that must hold for it
     */
    @Transactional
    public void removeFile(Caller caller, FileAddress address, Conditions conditions) {
        Namespace namespace = names.namespace(caller, address, FileOperation.DELETE);
        remove(caller, namespace, address, conditions, () -> respectLocks.end(caller, namespace.id, address));
    }

    /** Removes a file with all its versions to make room for another under its name, on which a lock of the caller's goes on. */
    void makeRoom(Caller caller, FileAddress address) {
        Namespace namespace = names.namespace(caller, address, FileOperation.DELETE);
        remove(caller, namespace, address, Conditions.NONE, () -> respectLocks.pass(caller, namespace.id, address));
    }

    /** @param locks looks at the locks while the file is still there: a role on it goes with it, and a lock with the role */
    private void remove(
            Caller caller, Namespace namespace, FileAddress address, Conditions conditions, Runnable locks) {
        long folderId =
                folders.lock(namespace.id, address.parent(), false).orElseThrow(() -> FindNames.missing(address));
        long fileId = names.lockFile(folderId, address, conditions);
        locks.run();
        KeepVersions.Gone gone = remove(caller, address, fileId);
        usage.add(namespace.id, new CountUsage.Usage(-1, -gone.bytes()));
    }

    /** Removes a folder in which nothing is; CONFLICT {@code folder-not-empty} otherwise. */
    @Transactional
    public void removeEmptyFolder(Caller caller, FileAddress folder) {
        removeEmptyFolder(caller, folder, Conditions.NONE);
    }

    /** As {@link #removeEmptyFolder(Caller, FileAddress)}, when the conditions hold for the folder. */
    @Transactional
    public void removeEmptyFolder(Caller caller, FileAddress folder, Conditions conditions) {
        if (folder.isRoot()) {
            throw HoldfastException.of(FailureKind.CONFLICT, "conflict", "A namespace's root folder can't be removed.");
        }
        Namespace namespace = names.namespace(caller, folder, FileOperation.DELETE);
        var unused = folders.lock(namespace.id, folder.parent(), true);
        long id = folders.lock(namespace.id, folder, true).orElseThrow(() -> FindNames.missingFolder(folder));
        PutConditions.require(conditions, folder, Conditions.Current.WITHOUT_VALIDATORS);
        boolean used = !Rows.longs(entities.createNativeQuery("(SELECT id FROM file WHERE folder_id = ? LIMIT 1)"
                                + " UNION ALL (SELECT id FROM folder WHERE parent_id = ? LIMIT 1)")
                        .setParameter(1, id)
                        .setParameter(2, id))
                .isEmpty();
        if (used) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT,
                    "folder-not-empty",
                    "The folder " + folder + " is not empty; add ?recursive=true to remove what is in it as well.");
        }
        entities.createNativeQuery("DELETE FROM folder WHERE id = ?")
                .setParameter(1, id)
                .executeUpdate();
        changes.add(ChangeKind.DELETE_FOLDER, folder, null, List.of(), caller.accountId());
    }

    /** One step of a removal: some of the files in a folder, not in those below it, with all their versions. */
    @Transactional
    Step removeSomeFiles(Caller caller, FileAddress folder) {
        Namespace namespace = names.namespace(caller, folder, FileOperation.DELETE);
        long folderId = folders.lock(namespace.id, folder, false).orElseThrow(() -> FindNames.missingFolder(folder));
        var found = Rows.of(entities.createNativeQuery("SELECT id, name FROM file WHERE folder_id = ?"
                        + " ORDER BY name LIMIT " + STEP + " FOR UPDATE")
                .setParameter(1, folderId));
        respectLocks.endBelow(caller, namespace.id, folder);
        int files = 0;
        int versions = 0;
        long bytes = 0;
        for (var row : found) {
            if (versions >= STEP) {
                break;
            }
            KeepVersions.Gone gone = remove(caller, folder.child(Rows.text(row[1])), Rows.number(row[0]));
            files++;
            versions += gone.blobs().size();
            bytes += gone.bytes();
        }
        usage.add(namespace.id, new CountUsage.Usage(-files, -bytes));
        return new Step(files, files < found.size() || files == STEP);
    }

    /**
     * Begins the removal of all that is below a folder: ends the locks there, and tells what is to be removed.
     *
     * @return the folders below and including this one, deepest first
     * @throws HoldfastException LOCKED {@code locked} before anything is removed, NOT_FOUND
     */
    @Transactional
    public List<FileAddress> beginRemoval(Caller caller, FileAddress folder) {
        return beginRemoval(caller, folder, Conditions.NONE);
    }

    /** As {@link #beginRemoval(Caller, FileAddress)}, when the conditions hold for the folder. */
    @Transactional
    public List<FileAddress> beginRemoval(Caller caller, FileAddress folder, Conditions conditions) {
        Namespace namespace = names.namespace(caller, folder, FileOperation.DELETE);
        respectLocks.endBelow(caller, namespace.id, folder);
        List<FileAddress> below = Rows.texts(entities.createNativeQuery("SELECT path FROM folder WHERE namespace_id = ?"
                                + " AND (path = ? OR LEFT(path, CHAR_LENGTH(?)) = ?) ORDER BY CHAR_LENGTH(path) DESC")
                        .setParameter(1, namespace.id)
                        .setParameter(2, folder.path())
                        .setParameter(3, below(folder))
                        .setParameter(4, below(folder)))
                .stream()
                .map(path -> new FileAddress(folder.namespace(), path))
                .toList();
        if (below.isEmpty()) {
            throw FindNames.missingFolder(folder);
        }
        PutConditions.require(conditions, folder, Conditions.Current.WITHOUT_VALIDATORS);
        return below;
    }

    static String below(FileAddress folder) {
        return folder.isRoot() ? "" : folder.path() + "/";
    }

    private KeepVersions.Gone remove(Caller caller, FileAddress address, long fileId) {
        KeepVersions.Gone gone = keepVersions.forgetAll(fileId, address);
        entities.createNativeQuery("DELETE FROM file WHERE id = ?")
                .setParameter(1, fileId)
                .executeUpdate();
        changes.add(ChangeKind.DELETE, address, gone.blobs().get(0), gone.blobs(), caller.accountId());
        return gone;
    }
}
