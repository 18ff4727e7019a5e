package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.access.FileOperation;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Rows;
import org.holdfast.master.replication.CopiesOfBlob;

/**
 * Makes an older version of a file the current one again. No bytes move: the version gets the next number, as if it had
 * been put now by the caller, and what was current becomes the newest of the older ones. Run it through {@link
 * org.holdfast.master.database.Contention#retry}.
 */
@ApplicationScoped
public class RestoreVersion {
    @PersistenceContext
    EntityManager entities;

    @Inject
    FindNames names;

    @Inject
    Folders folders;

    @Inject
    RespectLocks respectLocks;

    @Inject
    CopiesOfBlob copies;

    @Inject
    KeepVersions keepVersions;

    @Inject
    CountUsage usage;

    @Inject
    ChangeLog changes;

    @Inject
    Clock clock;

    /**
     * The file as it is then. Nothing changes when the version is the current one.
     *
     * @throws HoldfastException NOT_FOUND, also for a version that is not kept any more; FORBIDDEN, LOCKED; UNAVAILABLE when
     *     no copy of the version can be read now, for the file could then not be read either
     */
    @Transactional
    public FileView restore(Caller caller, FileAddress address, int number) {
        return restore(caller, address, number, Conditions.NONE);
    }

    /** As {@link #restore(Caller, FileAddress, int)}, when the conditions hold for the current version. */
    @Transactional
    public FileView restore(Caller caller, FileAddress address, int number, Conditions conditions) {
        Namespace namespace = names.namespace(caller, address, FileOperation.PUT);
        long folderId =
                folders.lock(namespace.id, address.parent(), false).orElseThrow(() -> FindNames.missing(address));
        var file = Rows.first(entities.createNativeQuery(
                                "SELECT id, version_id FROM file WHERE folder_id = ? AND name = ? FOR UPDATE")
                        .setParameter(1, folderId)
                        .setParameter(2, address.name()))
                .orElseThrow(() -> FindNames.missing(address));
        PutConditions.require(conditions, address, names.validators(Rows.number(file[0]), Rows.number(file[1])));
        respectLocks.pass(caller, namespace.id, address);
        long fileId = Rows.number(file[0]);
        var version = Rows.first(entities.createNativeQuery(
                                "SELECT id, blob_id FROM file_version WHERE file_id = ? AND number = ?")
                        .setParameter(1, fileId)
                        .setParameter(2, number))
                .orElseThrow(() -> FindNames.missing(address, number));
        if (Rows.number(version[0]) != Rows.number(file[1])) {
            String blobId = Rows.text(version[1]);
            requireReadable(blobId, address, number);
            makeCurrent(caller, fileId, Rows.number(version[0]));
            KeepVersions.Gone gone = keepVersions.trim(fileId, namespace.versionsKept, address);
            changes.add(ChangeKind.RESTORE, address, blobId, gone.blobs(), caller.accountId());
            usage.add(namespace.id, new CountUsage.Usage(0, -gone.bytes()));
        }
        return names.file(caller, address);
    }

    private void requireReadable(String blobId, FileAddress address, int number) {
        if (copies.readable(new BlobId(blobId)).isEmpty()) {
            throw HoldfastException.comeBack(
                    "unavailable",
                    "No storage node with a verified copy of version " + number + " of " + address
                            + " can be read now; nothing was changed.",
                    Duration.ofSeconds(1));
        }
    }

    private void makeCurrent(Caller caller, long fileId, long versionId) {
        long newest = Rows.longs(entities.createNativeQuery("SELECT MAX(number) FROM file_version WHERE file_id = ?")
                        .setParameter(1, fileId))
                .get(0);
        entities.createNativeQuery("UPDATE file_version SET number = ?, account_id = ?, created_at = ? WHERE id = ?")
                .setParameter(1, newest + 1)
                .setParameter(2, caller.accountId())
                .setParameter(3, Rows.utc(clock.instant()))
                .setParameter(4, versionId)
                .executeUpdate();
        entities.createNativeQuery("UPDATE file SET version_id = ? WHERE id = ?")
                .setParameter(1, versionId)
                .setParameter(2, fileId)
                .executeUpdate();
    }
}
