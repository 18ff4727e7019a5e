package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.Optional;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.access.NamespacePermit;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/** Answers what is behind a name. Each answer costs one query over unique keys. */
@ApplicationScoped
public class FindNames {
    @PersistenceContext
    EntityManager entities;

    /**
     * A folder that exists.
     *
     * @param namespaceId key of its namespace
     * @param folderId its key
     */
    record Place(long namespaceId, long folderId) {}

    /** The current version of the file at this address, or NOT_FOUND. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public FileView file(Caller caller, FileAddress address) {
        return find(caller, address).orElseThrow(() -> missing(address));
    }

    /** The current version, if there is a file; NOT_FOUND only when there is no such namespace for the caller. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Optional<FileView> find(Caller caller, FileAddress address) {
        var found = Rows.first(entities.createNativeQuery("SELECT n.owner_id, v.number, v.content_type, v.created_at,"
                        + " b.id, b.size, b.md5, b.sha256, b.sha1, b.sha3_256"
                        + " FROM namespace n LEFT JOIN folder d ON d.namespace_id = n.id AND d.path_sha256 = ?"
                        + " LEFT JOIN file f ON f.folder_id = d.id AND f.name = ?"
                        + " LEFT JOIN file_version v ON v.id = f.version_id LEFT JOIN blob_ b ON b.id = v.blob_id"
                        + " WHERE n.name = ?")
                .setParameter(1, PathKey.of(address.parent().path()))
                .setParameter(2, address.name())
                .setParameter(3, address.namespace()));
        var row = found.orElseThrow(() -> NamespacePermit.missing(address.namespace()));
        NamespacePermit.require(caller, Rows.number(row[0]), address.namespace());
        return row[4] == null
                ? Optional.empty()
                : Optional.of(new FileView(
                        address,
                        (int) Rows.number(row[1]),
                        blob(row),
                        Rows.text(row[2]),
                        Rows.instant(row[3]).orElseThrow()));
    }

    /** The folder at this address, if there is one, in a namespace that the caller may use. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public boolean isFolder(Caller caller, FileAddress address) {
        return folder(caller, address).isPresent();
    }

    Optional<Place> folder(Caller caller, FileAddress address) {
        var found = Rows.first(entities.createNativeQuery("SELECT n.owner_id, n.id, d.id FROM namespace n"
                        + " LEFT JOIN folder d ON d.namespace_id = n.id AND d.path_sha256 = ? WHERE n.name = ?")
                .setParameter(1, PathKey.of(address.path()))
                .setParameter(2, address.namespace()));
        var row = found.orElseThrow(() -> NamespacePermit.missing(address.namespace()));
        NamespacePermit.require(caller, Rows.number(row[0]), address.namespace());
        return row[2] == null ? Optional.empty() : Optional.of(new Place(Rows.number(row[1]), Rows.number(row[2])));
    }

    /** The namespace that the caller may use, or NOT_FOUND. */
    Namespace namespace(Caller caller, String name) {
        Namespace namespace = entities.createQuery("select n from Namespace n where n.name = :name", Namespace.class)
                .setParameter("name", name)
                .getResultStream()
                .findFirst()
                .orElseThrow(() -> NamespacePermit.missing(name));
        NamespacePermit.require(caller, namespace.ownerId, name);
        return namespace;
    }

    static HoldfastException missing(FileAddress address) {
        return HoldfastException.of(FailureKind.NOT_FOUND, "not-found", "There is no file " + address + ".");
    }

    static HoldfastException missingFolder(FileAddress address) {
        return HoldfastException.of(FailureKind.NOT_FOUND, "not-found", "There is no folder " + address + ".");
    }

    private static BlobFacts blob(@Nullable Object[] row) {
        var digests =
                Digests.of(Rows.text(row[6]), Rows.text(row[7]), Rows.textOrNull(row[8]), Rows.textOrNull(row[9]));
        return new BlobFacts(new BlobId(Rows.text(row[4])), Rows.number(row[5]), digests);
    }
}
