package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.util.Optional;
import org.holdfast.contract.FileAddress;
import org.holdfast.master.database.Rows;

/** Finds what grants and links hang on. */
@ApplicationScoped
public class SharedThing {
    @PersistenceContext
    EntityManager entities;

    /**
     * A folder or a file.
     *
     * @param column of the tables that refer to it: {@code folder_id} or {@code file_id}
     */
    record Key(String column, long id) {}

    /** What is at the address; NOT_FOUND when there is nothing. */
    @Transactional(Transactional.TxType.SUPPORTS)
    Key at(Namespace namespace, FileAddress address) {
        return one(entities.createNativeQuery("SELECT id FROM folder WHERE namespace_id = ? AND path_sha256 = ?")
                        .setParameter(1, namespace.id)
                        .setParameter(2, PathKey.of(address.path())))
                .map(id -> new Key("folder_id", id))
                .or(() -> one(entities.createNativeQuery("SELECT f.id FROM folder d JOIN file f ON f.folder_id = d.id"
                                        + " WHERE d.namespace_id = ? AND d.path_sha256 = ? AND f.name = ?")
                                .setParameter(1, namespace.id)
                                .setParameter(2, PathKey.of(address.parent().path()))
                                .setParameter(3, address.name()))
                        .map(id -> new Key("file_id", id)))
                .orElseThrow(() -> FindNames.missing(address));
    }

    private static Optional<Long> one(Query query) {
        return Rows.longs(query).stream().findFirst();
    }
}
