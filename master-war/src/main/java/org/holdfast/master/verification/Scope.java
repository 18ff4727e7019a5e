package org.holdfast.master.verification;

import jakarta.persistence.Query;
import java.util.Optional;

/**
 * Which files a scrub is about.
 *
 * @param namespace only this one's; empty for all
 * @param path only this file, or the files below this folder, of the namespace; empty for all of it
 */
public record Scope(Optional<String> namespace, Optional<String> path) {
    static final Scope EVERYTHING = new Scope(Optional.empty(), Optional.empty());

    /** Narrows a query for rows of {@code replica r} down to this scope; to be followed by {@link #bind}. */
    String condition() {
        if (namespace.isEmpty()) {
            return "";
        }
        String files = " AND EXISTS (SELECT 1 FROM file_version v JOIN file f ON f.id = v.file_id"
                + " JOIN folder d ON d.id = f.folder_id JOIN namespace n ON n.id = d.namespace_id"
                + " WHERE v.blob_id = r.blob_id AND n.name = ?";
        return path.isEmpty()
                ? files + ")"
                : files + " AND (CONCAT_WS('/', NULLIF(d.path, ''), f.name) = ?"
                        + " OR d.path = ? OR LEFT(d.path, CHAR_LENGTH(?)) = ?))";
    }

    /** Sets the parameters of {@link #condition}, the first of which has this position. */
    void bind(Query query, int first) {
        int position = first;
        if (namespace.isPresent()) {
            query.setParameter(position++, namespace.get());
        }
        if (namespace.isPresent() && path.isPresent()) {
            String below = path.get() + "/";
            query.setParameter(position++, path.get());
            query.setParameter(position++, path.get());
            query.setParameter(position++, below);
            query.setParameter(position, below);
        }
    }

    /** For people. */
    @Override
    public String toString() {
        return namespace
                .map(name -> path.map(below -> name + "/" + below).orElse(name))
                .orElse("everything");
    }
}
