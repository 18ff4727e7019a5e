package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FileAddress;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/** Lists a folder page by page, by key: each page costs the same, however many names there are. */
@ApplicationScoped
public class ListFolder {
    public static final int MAX_PAGE = 10_000;
    /** Byte order, as the database's collation: UTF-8 and code points sort alike, UTF-16 does not. */
    static final Comparator<String> IN_BYTES = (left, right) -> {
        int[] one = left.codePoints().toArray();
        int[] other = right.codePoints().toArray();
        return java.util.Arrays.compare(one, other);
    };

    private static final Comparator<Entry> BY_NAME = Comparator.comparing(Entry::name, IN_BYTES);

    @PersistenceContext
    EntityManager entities;

    @Inject
    FindNames names;

    /**
     * One name in a folder.
     *
     * @param name its last path segment
     * @param file what is behind it, empty for a folder
     * @param modifiedAt when its version was committed, or the folder was made
     */
    public record Entry(String name, Optional<FileFacts> file, Instant modifiedAt) {}

    /** A file's facts within a listing; its own time where one was told. */
    public record FileFacts(
            long sizeBytes, String sha256, int version, String contentType, Optional<Instant> fileTime) {}

    /**
     * One page.
     *
     * @param entries in byte order of their names, files and folders together
     * @param next the last name, when there are more behind it
     */
    public record Page(List<Entry> entries, Optional<String> next) {}

    /**
     * The names behind {@code after}.
     *
     * @param after name of which the page begins, excluded; empty for the first page
     * @param limit most entries, from 1 to {@link #MAX_PAGE}
     */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Page page(Caller caller, FileAddress folder, String after, int limit) {
        FindNames.Place place = names.folder(caller, folder).orElseThrow(() -> FindNames.missingFolder(folder));
        long id = place.folderId();
        List<String> only = List.copyOf(place.only());
        String visible = only.isEmpty() ? "" : " AND name IN (" + FindRoles.marks(only.size()) + ")";
        List<Entry> entries = new ArrayList<>();
        Rows.of(asked(
                        entities.createNativeQuery(
                                "SELECT name, created_at FROM folder WHERE parent_id = ? AND name > ?" + visible
                                        + " ORDER BY name LIMIT ?"),
                        id,
                        after,
                        only,
                        limit + 1))
                .forEach(row -> entries.add(new Entry(
                        Rows.text(row[0]),
                        Optional.empty(),
                        Rows.instant(row[1]).orElseThrow())));
        Rows.of(asked(
                        entities.createNativeQuery(
                                "SELECT f.name, v.created_at, b.size, b.sha256, v.number, v.content_type, v.file_time"
                                        + " FROM (SELECT name, version_id FROM file WHERE folder_id = ? AND name > ?"
                                        + visible + " ORDER BY name LIMIT ?) f"
                                        + " JOIN file_version v ON v.id = f.version_id JOIN blob_ b ON b.id = v.blob_id"
                                        + " ORDER BY f.name"),
                        id,
                        after,
                        only,
                        limit + 1))
                .forEach(row -> entries.add(new Entry(
                        Rows.text(row[0]),
                        Optional.of(facts(row, 2)),
                        Rows.instant(row[1]).orElseThrow())));
        entries.sort(BY_NAME);
        List<Entry> page = List.copyOf(entries.subList(0, Math.min(limit, entries.size())));
        return new Page(
                page,
                entries.size() > limit ? Optional.of(page.get(page.size() - 1).name()) : Optional.empty());
    }

    /** Size, SHA-256, version, content type and own time, of which the first is in this column. */
    static FileFacts facts(@Nullable Object[] row, int first) {
        return new FileFacts(
                Rows.number(row[first]),
                Rows.text(row[first + 1]),
                (int) Rows.number(row[first + 2]),
                Rows.text(row[first + 3]),
                Rows.instant(row[first + 4]));
    }

    private static Query asked(Query query, long folderId, String after, List<String> only, int limit) {
        int at = 1;
        query.setParameter(at++, folderId).setParameter(at++, after);
        for (String name : only) {
            query.setParameter(at++, name);
        }
        return query.setParameter(at, limit);
    }
}
