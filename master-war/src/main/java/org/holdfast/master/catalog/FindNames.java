package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.access.FileOperation;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/** Answers what is behind a name. Each answer costs one query over unique keys. */
@ApplicationScoped
public class FindNames {
    /**
     * Since when the bytes of a version v of a file f are behind the file's name: put or restored as that version, or moved
     * there with the file or with a folder above it.
     */
    static final String NAMED_AT = "GREATEST(v.created_at, COALESCE(f.moved_at, v.created_at),"
            + " COALESCE((SELECT m.moved_at FROM folder m WHERE m.id = f.folder_id), v.created_at))";

    @PersistenceContext
    EntityManager entities;

    @Inject
    FindRoles roles;

    /**
     * A folder that exists.
     *
     * @param namespaceId key of its namespace
     * @param folderId its key
     * @param only names in it that the caller may see, when there is no role on the folder itself; empty: all
     */
    record Place(long namespaceId, long folderId, Set<String> only) {}

    /** The current version of the file at this address, or NOT_FOUND. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public FileView file(Caller caller, FileAddress address) {
        return find(caller, address).orElseThrow(() -> missing(address));
    }

    /** The version with this number, current or older, or NOT_FOUND. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public FileView version(Caller caller, FileAddress address, int number) {
        return find(caller, address, Optional.of(number)).orElseThrow(() -> missing(address, number));
    }

    /** The current version, if there is a file; NOT_FOUND for who may not read there. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Optional<FileView> find(Caller caller, FileAddress address) {
        return find(caller, address, Optional.empty());
    }

    private Optional<FileView> find(Caller caller, FileAddress address, Optional<Integer> number) {
        var query = entities.createNativeQuery("SELECT n.owner_id, v.number, v.content_type, v.created_at,"
                        + " b.id, b.size, b.md5, b.sha256, b.sha1, b.sha3_256, " + NAMED_AT + ", v.file_time"
                        + " FROM namespace n LEFT JOIN folder d ON d.namespace_id = n.id AND d.path_sha256 = ?"
                        + " LEFT JOIN file f ON f.folder_id = d.id AND f.name = ?"
                        + " LEFT JOIN file_version v ON "
                        + (number.isEmpty() ? "v.id = f.version_id" : "v.file_id = f.id AND v.number = ?")
                        + " LEFT JOIN blob_ b ON b.id = v.blob_id WHERE n.name = ?")
                .setParameter(1, PathKey.of(address.parent().path()))
                .setParameter(2, address.name())
                .setParameter(number.isEmpty() ? 3 : 4, address.namespace());
        number.ifPresent(told -> query.setParameter(3, told));
        var found = Rows.first(query);
        Long ownerId = found.map(row -> Rows.number(row[0])).orElse(null);
        roles.require(caller, ownerId, address, FileOperation.READ);
        var row = found.orElseThrow(() -> FindRoles.hidden(address));
        return row[4] == null
                ? Optional.empty()
                : Optional.of(new FileView(
                        address,
                        (int) Rows.number(row[1]),
                        blob(row, 4),
                        Rows.text(row[2]),
                        Rows.instant(row[3]).orElseThrow(),
                        Rows.instant(row[10]).orElseThrow(),
                        Rows.instant(row[11])));
    }

    /** What conditions of a change of a file's version are judged by. */
    Conditions.Current validators(long fileId, long versionId) {
        var row = Rows.first(entities.createNativeQuery("SELECT b.sha256, " + NAMED_AT + " FROM file f"
                                + " JOIN file_version v ON v.id = ? JOIN blob_ b ON b.id = v.blob_id WHERE f.id = ?")
                        .setParameter(1, versionId)
                        .setParameter(2, fileId))
                .orElseThrow();
        return new Conditions.Current(
                '"' + Rows.text(row[0]) + '"', Rows.instant(row[1]).orElseThrow());
    }

    /**
     * Locks a file that is to be changed, and judges the conditions of that.
     *
     * @param folderId key of its folder, locked
     * @return its key
     * @throws HoldfastException NOT_FOUND when it is not there, PRECONDITION when a condition does not hold
     */
    long lockFile(long folderId, FileAddress address, Conditions conditions) {
        var row = Rows.first(entities.createNativeQuery(
                                "SELECT id, version_id FROM file WHERE folder_id = ? AND name = ? FOR UPDATE")
                        .setParameter(1, folderId)
                        .setParameter(2, address.name()))
                .orElseThrow(() -> missing(address));
        long fileId = Rows.number(row[0]);
        PutConditions.require(conditions, address, validators(fileId, Rows.number(row[1])));
        return fileId;
    }

    /** Whether there is a folder at this address, as far as the caller may see. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public boolean isFolder(Caller caller, FileAddress address) {
        return folder(caller, address).isPresent();
    }

    Optional<Place> folder(Caller caller, FileAddress address) {
        var found = Rows.first(entities.createNativeQuery("SELECT n.owner_id, n.id, d.id FROM namespace n"
                        + " LEFT JOIN folder d ON d.namespace_id = n.id AND d.path_sha256 = ? WHERE n.name = ?")
                .setParameter(1, PathKey.of(address.path()))
                .setParameter(2, address.namespace()));
        Long ownerId = found.map(row -> Rows.number(row[0])).orElse(null);
        boolean mayList = roles.of(caller, ownerId, address).isPresent();
        Set<String> only = mayList ? Set.of() : roles.leadingOn(caller, address);
        if (found.isEmpty() || (!mayList && only.isEmpty())) {
            throw FindRoles.hidden(address);
        }
        var row = found.get();
        return row[2] == null
                ? Optional.empty()
                : Optional.of(new Place(Rows.number(row[1]), Rows.number(row[2]), only));
    }

    /** The namespace of an address with which the caller may do this; otherwise as {@link FindRoles#require}. */
    Namespace namespace(Caller caller, FileAddress address, FileOperation operation) {
        Optional<Namespace> found = entities.createQuery(
                        "select n from Namespace n where n.name = :name", Namespace.class)
                .setParameter("name", address.namespace())
                .getResultStream()
                .findFirst();
        roles.require(caller, found.map(namespace -> namespace.ownerId).orElse(null), address, operation);
        return found.orElseThrow(() -> FindRoles.hidden(address));
    }

    static HoldfastException missing(FileAddress address) {
        return HoldfastException.of(FailureKind.NOT_FOUND, "not-found", "There is no file " + address + ".");
    }

    static HoldfastException missing(FileAddress address, int number) {
        return HoldfastException.of(
                FailureKind.NOT_FOUND, "not-found", "There is no version " + number + " of a file " + address + ".");
    }

    static HoldfastException missingFolder(FileAddress address) {
        return HoldfastException.of(FailureKind.NOT_FOUND, "not-found", "There is no folder " + address + ".");
    }

    /** Id, size, md5, sha256, sha1 and sha3_256 of a blob, of which the first is in this column. */
    static BlobFacts blob(@Nullable Object[] row, int first) {
        var digests = Digests.of(
                Rows.text(row[first + 2]),
                Rows.text(row[first + 3]),
                Rows.textOrNull(row[first + 4]),
                Rows.textOrNull(row[first + 5]));
        return new BlobFacts(new BlobId(Rows.text(row[first])), Rows.number(row[first + 1]), digests);
    }
}
