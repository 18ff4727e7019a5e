package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.SharedPlaces.Taker;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Finds files and folders of a namespace by a part of their names, letter case ignored. Reads every name of the namespace,
 * about a second per million, so only some may search at once.
 */
@ApplicationScoped
public class SearchNames {
    public static final int MAX_FOUND = 1_000;

    private static final Comparator<Found> BY_PLACE = Comparator.comparing(
                    (Found found) -> found.address.parent().path(), ListFolder.IN_BYTES)
            .thenComparing(found -> found.address.name(), ListFolder.IN_BYTES);

    private static final String NAMED_SO = "LOCATE(LOWER(?), LOWER(%s.name)) > 0";

    /** What is at or below a folder that was shared with somebody. */
    private static final String BELOW_A_GRANT = "EXISTS (SELECT 1 FROM grant_ g JOIN folder s ON s.id = g.folder_id"
            + " WHERE g.account_id = ? AND s.namespace_id = d.namespace_id AND (s.path = '' OR d.path = s.path"
            + " OR LEFT(d.path, CHAR_LENGTH(s.path) + 1) = CONCAT(s.path, '/')))";

    @PersistenceContext
    EntityManager entities;

    @Inject
    FindRoles roles;

    @Inject
    MasterPlaces places;

    /** A file or a folder, and where it is. */
    public record Found(FileAddress address, ListFolder.Entry entry) {}

    /**
     * What was found.
     *
     * @param found by the folder that it is in and its name, in byte order
     * @param truncated whether there is more
     */
    public record Result(List<Found> found, boolean truncated) {}

    /**
     * Finds those that the caller may read.
     *
     * @param part of the name; not empty
     * @param limit most of them, from 1 to {@link #MAX_FOUND}
     * @throws HoldfastException NOT_FOUND for a namespace in which the caller may read nothing, whether there is one or
     *     not; UNAVAILABLE {@code busy}, {@code share-used}
     */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Result find(Caller caller, String namespace, String part, int limit) {
        var place = places.searches().take(Taker.of(caller.name()));
        try (place) {
            return read(caller, new FileAddress(namespace, ""), part, limit);
        }
    }

    private Result read(Caller caller, FileAddress root, String part, int limit) {
        var row = Rows.first(entities.createNativeQuery("SELECT id, owner_id FROM namespace WHERE name = ?")
                .setParameter(1, root.namespace()));
        Long ownerId = row.map(columns -> Rows.number(columns[1])).orElse(null);
        boolean readsAll = roles.of(caller, ownerId, root).isPresent();
        if (row.isEmpty() || (!readsAll && roles.leadingOn(caller, root).isEmpty())) {
            throw FindRoles.hidden(root);
        }
        long id = Rows.number(row.get()[0]);
        Optional<Long> reader = readsAll ? Optional.empty() : Optional.of(caller.accountId());
        List<Found> found = new ArrayList<>(files(root, id, part, reader, limit + 1));
        found.addAll(folders(root, id, part, reader, limit + 1));
        found.sort(BY_PLACE);
        return new Result(List.copyOf(found.subList(0, Math.min(limit, found.size()))), found.size() > limit);
    }

    private List<Found> files(FileAddress root, long id, String part, Optional<Long> reader, int limit) {
        List<String> forms = forms(part);
        String visible = " AND (" + BELOW_A_GRANT
                + " OR EXISTS (SELECT 1 FROM grant_ g WHERE g.account_id = ? AND g.file_id = f.id))";
        Query query = entities.createNativeQuery("SELECT h.path, h.name, v.created_at, b.size, b.sha256, v.number,"
                + " v.content_type, v.file_time FROM (SELECT d.path, f.name, f.version_id FROM folder d"
                + " JOIN file f ON f.folder_id = d.id WHERE d.namespace_id = ?" + named("f", forms)
                + (reader.isPresent() ? visible : "") + " ORDER BY d.path, f.name LIMIT ?) h"
                + " JOIN file_version v ON v.id = h.version_id JOIN blob_ b ON b.id = v.blob_id");
        int at = asked(query, id, forms);
        if (reader.isPresent()) {
            query.setParameter(at++, reader.get()).setParameter(at++, reader.get());
        }
        return Rows.of(query.setParameter(at, limit)).stream()
                .map(row -> found(root, row, Optional.of(ListFolder.facts(row, 3))))
                .toList();
    }

    private List<Found> folders(FileAddress root, long id, String part, Optional<Long> reader, int limit) {
        List<String> forms = forms(part);
        Query query = entities.createNativeQuery("SELECT p.path, d.name, d.created_at FROM folder d"
                + " JOIN folder p ON p.id = d.parent_id WHERE d.namespace_id = ?" + named("d", forms)
                + (reader.isPresent() ? " AND " + BELOW_A_GRANT : "") + " ORDER BY p.path, d.name LIMIT ?");
        int at = asked(query, id, forms);
        if (reader.isPresent()) {
            query.setParameter(at++, reader.get());
        }
        return Rows.of(query.setParameter(at, limit)).stream()
                .map(row -> found(root, row, Optional.empty()))
                .toList();
    }

    /**
     * The text with its letters and marks composed (NFC) and apart (NFD). Systems write names in either form, which look the
     * same, and the database compares bytes.
     */
    private static List<String> forms(String part) {
        return Stream.of(Normalizer.Form.NFC, Normalizer.Form.NFD)
                .map(form -> Normalizer.normalize(part, form))
                .distinct()
                .toList();
    }

    private static String named(String table, List<String> forms) {
        return " AND (" + String.join(" OR ", Collections.nCopies(forms.size(), NAMED_SO.formatted(table))) + ")";
    }

    private static int asked(Query query, long namespaceId, List<String> forms) {
        int at = 1;
        query.setParameter(at++, namespaceId);
        for (String form : forms) {
            query.setParameter(at++, form);
        }
        return at;
    }

    private static Found found(FileAddress root, @Nullable Object[] row, Optional<ListFolder.FileFacts> file) {
        FileAddress address = new FileAddress(root.namespace(), Rows.text(row[0])).child(Rows.text(row[1]));
        return new Found(
                address,
                new ListFolder.Entry(address.name(), file, Rows.instant(row[2]).orElseThrow()));
    }
}
