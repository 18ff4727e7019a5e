package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.List;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.FileAddress;
import org.holdfast.master.database.Rows;
import org.holdfast.master.replication.DropCopies;
import org.jspecify.annotations.Nullable;

/**
 * Keeps as many older versions of a file as its namespace says, and gives up the bytes of all others. The current version
 * has the highest number of all; numbers may have gaps. Whoever changes a file's versions holds the lock of the file's row.
 */
@ApplicationScoped
public class KeepVersions {
    @PersistenceContext
    EntityManager entities;

    @Inject
    DropCopies dropCopies;

    /**
     * Versions that are given up.
     *
     * @param blobs their bytes, the newest first
     * @param bytes how many these are altogether
     */
    record Gone(List<String> blobs, long bytes) {
        static final Gone NOTHING = new Gone(List.of(), 0);

        private static Gone of(List<@Nullable Object[]> rows) {
            return new Gone(
                    rows.stream().map(row -> Rows.text(row[1])).toList(),
                    rows.stream().mapToLong(row -> Rows.number(row[2])).sum());
        }
    }

    /** Forgets what is older than the current version and the {@code kept} before it. */
    @Transactional(Transactional.TxType.MANDATORY)
    Gone trim(long fileId, int kept, FileAddress address) {
        // A version that was just put must be there to be counted.
        entities.flush();
        var old = rest(fileId, kept + 1);
        if (old.isEmpty()) {
            return Gone.NOTHING;
        }
        entities.createNativeQuery("DELETE FROM file_version WHERE file_id = ? AND number <= ?")
                .setParameter(1, fileId)
                .setParameter(2, old.get(0)[0])
                .executeUpdate();
        return drop(old, address);
    }

    /** How many versions are kept of those before {@code number}. */
    @Transactional(Transactional.TxType.MANDATORY)
    int countOlder(long fileId, int number) {
        return Rows.longs(
                        entities.createNativeQuery("SELECT COUNT(*) FROM file_version WHERE file_id = ? AND number < ?")
                                .setParameter(1, fileId)
                                .setParameter(2, number))
                .get(0)
                .intValue();
    }

    /** Forgets all versions; their rows go with the file's, which the caller removes. */
    @Transactional(Transactional.TxType.MANDATORY)
    Gone forgetAll(long fileId, FileAddress address) {
        return drop(rest(fileId, 0), address);
    }

    /** How many bytes a put that replaces the file gives back, as things stand; 0 when there is no file. */
    @Transactional(Transactional.TxType.SUPPORTS)
    long freedByPut(Namespace namespace, FileAddress address) {
        return Rows.longs(entities.createNativeQuery("SELECT f.id FROM folder d JOIN file f ON f.folder_id = d.id"
                                + " WHERE d.namespace_id = ? AND d.path_sha256 = ? AND f.name = ?")
                        .setParameter(1, namespace.id)
                        .setParameter(2, PathKey.of(address.parent().path()))
                        .setParameter(3, address.name()))
                .stream()
                .mapToLong(fileId -> Gone.of(rest(fileId, namespace.versionsKept)).bytes)
                .sum();
    }

    /** Number, blob and size of all but the newest versions, newest first; at most 1,001, by the bound on versions kept. */
    private List<@Nullable Object[]> rest(long fileId, int newest) {
        return Rows.of(entities.createNativeQuery("SELECT v.number, v.blob_id, b.size FROM file_version v"
                        + " JOIN blob_ b ON b.id = v.blob_id WHERE v.file_id = ? AND v.number <= (SELECT n.number"
                        + " FROM file_version n WHERE n.file_id = ? ORDER BY n.number DESC LIMIT 1 OFFSET ?)"
                        + " ORDER BY v.number DESC")
                .setParameter(1, fileId)
                .setParameter(2, fileId)
                .setParameter(3, newest));
    }

    private Gone drop(List<@Nullable Object[]> rows, FileAddress address) {
        Gone gone = Gone.of(rows);
        // In order of their ids, as by all who lock several.
        gone.blobs.stream().sorted().forEach(blob -> dropCopies.drop(new BlobId(blob), address));
        return gone;
    }
}
