package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.List;
import org.holdfast.contract.FileAddress;
import org.holdfast.master.access.FileOperation;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Rows;

/** What a file was before: all versions of it that are kept. */
@ApplicationScoped
public class ListVersions {
    @PersistenceContext
    EntityManager entities;

    @Inject
    FindNames names;

    /**
     * A version.
     *
     * @param file its number, bytes and time
     * @param by name of the account that has put or restored it
     * @param isCurrent whether it is what readers get who ask for the file
     */
    public record Version(FileView file, String by, boolean isCurrent) {}

    /**
     * The newest first, which is the current one; some indexed reads for each. As many as the namespace keeps beside it,
     * or kept when the file was put last.
     */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<Version> of(Caller caller, FileAddress address) {
        Namespace namespace = names.namespace(caller, address, FileOperation.READ);
        var versions = Rows.of(entities.createNativeQuery("SELECT v.number, v.content_type, v.created_at, a.name,"
                                + " v.id = f.version_id, b.id, b.size, b.md5, b.sha256, b.sha1, b.sha3_256, "
                                + FindNames.NAMED_AT + ", v.file_time"
                                + " FROM folder d JOIN file f ON f.folder_id = d.id"
                                + " JOIN file_version v ON v.file_id = f.id JOIN blob_ b ON b.id = v.blob_id"
                                + " JOIN account a ON a.id = v.account_id"
                                + " WHERE d.namespace_id = ? AND d.path_sha256 = ? AND f.name = ?"
                                + " ORDER BY v.number DESC")
                        .setParameter(1, namespace.id)
                        .setParameter(2, PathKey.of(address.parent().path()))
                        .setParameter(3, address.name()))
                .stream()
                .map(row -> new Version(
                        new FileView(
                                address,
                                (int) Rows.number(row[0]),
                                FindNames.blob(row, 5),
                                Rows.text(row[1]),
                                Rows.instant(row[2]).orElseThrow(),
                                Rows.instant(row[11]).orElseThrow(),
                                Rows.instant(row[12])),
                        Rows.text(row[3]),
                        Rows.number(row[4]) == 1))
                .toList();
        if (versions.isEmpty()) {
            throw FindNames.missing(address);
        }
        return versions;
    }
}
