package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.database.Rows;

/**
 * Locks and makes folders within a caller's transaction.
 *
 * <p>Lock order: a folder's row before anything in it, parents before children. Who makes a file holds a shared lock on
 * its folder, so that files of one folder are committed side by side; who makes, moves or removes a folder holds the
 * parent's exclusive lock. Hence a file and a folder never get the same name, and nothing is put into a folder that
 * goes away.
 */
@ApplicationScoped
public class Folders {
    @PersistenceContext
    EntityManager entities;

    @Inject
    CountUsage usage;

    @Inject
    Clock clock;

    /**
     * The folder with its row locked until the transaction ends, made with all its parents where missing.
     *
     * @throws HoldfastException INVALID {@code path-too-deep}, TOO_LARGE {@code quota-exceeded}
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public long ensure(long namespaceId, FileAddress folder, boolean exclusive) {
        requireMakeable(namespaceId, folder);
        Optional<Long> id = lock(namespaceId, folder, exclusive);
        while (id.isEmpty()) {
            id = make(namespaceId, folder, exclusive);
        }
        return id.get();
    }

    /**
     * Makes what is missing, below the nearest folder that is there. Which one that is, is looked up without a lock: two
     * who held a shared one would wait for each other to give it up for the exclusive one.
     *
     * @return empty when the nearest one has gone meanwhile
     */
    private Optional<Long> make(long namespaceId, FileAddress folder, boolean exclusive) {
        Deque<FileAddress> missing = new ArrayDeque<>();
        FileAddress there = folder;
        do {
            if (there.isRoot()) {
                throw new IllegalStateException("the namespace " + folder.namespace() + " has no root folder");
            }
            missing.push(there);
            there = there.parent();
        } while (find(namespaceId, there, "").isEmpty());
        Optional<Long> parent = lock(namespaceId, there, true);
        while (parent.isPresent() && !missing.isEmpty()) {
            FileAddress next = missing.pop();
            // Somebody else may have made it before the parent was ours.
            Optional<Long> made = lock(namespaceId, next, exclusive || !missing.isEmpty());
            parent = made.isPresent() ? made : Optional.of(make(namespaceId, parent.get(), next));
        }
        usage.requireRoomForFolders(namespaceId);
        return parent;
    }

    private long make(long namespaceId, long parent, FileAddress folder) {
        requireNoFile(parent, folder);
        var made = new Folder(namespaceId, parent, folder.name(), folder.path(), clock.instant());
        entities.persist(made);
        entities.flush();
        return made.id;
    }

    /**
     * Refuses a folder that {@link #ensure} would refuse for its depth, before anything is done for it. One that is there
     * already may be deeper.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void requireMakeable(long namespaceId, FileAddress folder) {
        boolean isDeep = folder.levels() > FileAddress.MAX_LEVELS;
        if (isDeep && lock(namespaceId, folder, false).isEmpty()) {
            folder.requireMakeable();
        }
    }

    /** The folder's key with its row locked until the transaction ends; empty when there is none. */
    @Transactional(Transactional.TxType.MANDATORY)
    public Optional<Long> lock(long namespaceId, FileAddress folder, boolean exclusive) {
        return find(namespaceId, folder, exclusive ? " FOR UPDATE" : " LOCK IN SHARE MODE");
    }

    private Optional<Long> find(long namespaceId, FileAddress folder, String lock) {
        return Rows.longs(entities.createNativeQuery(
                                "SELECT id FROM folder WHERE namespace_id = ? AND path_sha256 = ?" + lock)
                        .setParameter(1, namespaceId)
                        .setParameter(2, PathKey.of(folder.path())))
                .stream()
                .findFirst();
    }

    /** CONFLICT {@code is-a-folder} when a folder has the name that a file is to get. */
    void requireNoFolder(long parentId, FileAddress address) {
        boolean taken = !Rows.longs(entities.createNativeQuery("SELECT id FROM folder WHERE parent_id = ? AND name = ?")
                        .setParameter(1, parentId)
                        .setParameter(2, address.name()))
                .isEmpty();
        if (taken) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT, "is-a-folder", "There is a folder named " + address + " already.");
        }
    }

    /** CONFLICT {@code is-a-file} when a file has the name that a folder is to get. */
    void requireNoFile(long parentId, FileAddress address) {
        boolean taken = !Rows.longs(entities.createNativeQuery("SELECT id FROM file WHERE folder_id = ? AND name = ?")
                        .setParameter(1, parentId)
                        .setParameter(2, address.name()))
                .isEmpty();
        if (taken) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT, "is-a-file", "There is a file named " + address + " already.");
        }
    }
}
