package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.Optional;
import org.holdfast.contract.BlobId;
import org.holdfast.master.database.Rows;

/** Answers which file a blob belongs to, for tasks and for people. One query over unique keys. */
@ApplicationScoped
public class PathOfBlob {
    @PersistenceContext
    EntityManager entities;

    /** {@code namespace/path}; empty when no file refers to the blob. */
    @Transactional(Transactional.TxType.MANDATORY)
    public Optional<String> find(BlobId blob) {
        return Rows.texts(entities.createNativeQuery("SELECT CONCAT_WS('/', n.name, NULLIF(d.path, ''), f.name)"
                                + " FROM file_version v JOIN file f ON f.id = v.file_id JOIN folder d ON d.id = f.folder_id"
                                + " JOIN namespace n ON n.id = d.namespace_id WHERE v.blob_id = ?")
                        .setParameter(1, blob.value()))
                .stream()
                .findFirst();
    }
}
