package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.account.AccountView;
import org.holdfast.master.account.Accounts;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Quota;
import org.holdfast.master.database.Rows;

/** What an account owns: its namespaces, and all that is in them, whoever put it there. */
@ApplicationScoped
public class OwnedFiles {
    public static final int MAX_PAGE = 10_000;

    /** Folders that one query looks into. */
    private static final int FOLDERS = 1_000;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Accounts accounts;

    @Inject
    Namespaces namespaces;

    /** What an account keeps, and may keep. */
    public record AccountUsage(CountUsage.Usage usage, Quota quota, List<Namespaces.NamespaceView> namespaces) {}

    /** A file, and where it is in the order of all of them. */
    public record OwnedFile(Position position, FileAddress address, long sizeBytes, Instant modifiedAt) {}

    /**
     * Where a page may begin: behind a name in a folder, whether there still is such a file or not.
     *
     * @param name empty: with the folder's first file
     */
    public record Position(long folderId, String name) {
        private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

        /** In front of all files. */
        public static final Position BEGINNING = new Position(0, "");

        /** INVALID for what no {@link #toString} has given. */
        public static Position parse(String text) {
            int dot = text.indexOf('.');
            try {
                return new Position(
                        Long.parseLong(text.substring(0, Math.max(0, dot))),
                        new String(Base64.getUrlDecoder().decode(text.substring(dot + 1)), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw HoldfastException.of(
                        FailureKind.INVALID,
                        "invalid-parameter",
                        "The parameter after is the id of the last file of the page before.",
                        e);
            }
        }

        /** One word that an URL may hold. */
        @Override
        public String toString() {
            return folderId + "." + ENCODER.encodeToString(name.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** For the account itself and for administrators. Costs a few reads, however many files there are. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public AccountUsage usage(Caller caller, String name) {
        AccountView account = accounts.view(caller, name);
        List<Namespaces.NamespaceView> owned = namespaces.ownedBy(account.id());
        CountUsage.Usage all = owned.stream()
                .flatMap(namespace -> namespace.kept().stream())
                .map(Namespaces.Kept::usage)
                .reduce(CountUsage.Usage.NONE, CountUsage.Usage::plus);
        return new AccountUsage(all, account.terms().quota(), owned);
    }

    /**
     * A page, folder by folder, those in each by name; for the account itself and for administrators. Costs one step
     * through an index for each file of the page, and for each folder of the account a short look.
     */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<OwnedFile> page(Caller caller, String name, Position after, int limit) {
        long accountId = accounts.view(caller, name).id();
        List<OwnedFile> page = new ArrayList<>();
        long next = after.folderId;
        Map<Long, FileAddress> folders = folders(accountId, next);
        while (page.size() < limit && !folders.isEmpty()) {
            if (folders.containsKey(after.folderId)) {
                page.addAll(files(folders, List.of(after.folderId), after.name, limit));
            }
            List<Long> others =
                    folders.keySet().stream().filter(id -> id != after.folderId).toList();
            if (page.size() < limit && !others.isEmpty()) {
                page.addAll(files(folders, others, "", limit - page.size()));
            }
            next = Collections.max(folders.keySet()) + 1;
            folders = folders(accountId, next);
        }
        return page;
    }

    /** Some of the account's folders, from this id on. */
    private Map<Long, FileAddress> folders(long accountId, long from) {
        // The account's own folders only, which are sorted: others' may be a thousand times as many.
        Map<Long, FileAddress> folders = new LinkedHashMap<>();
        Rows.of(entities.createNativeQuery("SELECT STRAIGHT_JOIN d.id, n.name, d.path FROM namespace n"
                                + " JOIN folder d ON d.namespace_id = n.id WHERE n.owner_id = ? AND d.id >= ?"
                                + " ORDER BY d.id LIMIT " + FOLDERS)
                        .setParameter(1, accountId)
                        .setParameter(2, from))
                .forEach(
                        row -> folders.put(Rows.number(row[0]), new FileAddress(Rows.text(row[1]), Rows.text(row[2]))));
        return folders;
    }

    private List<OwnedFile> files(Map<Long, FileAddress> folders, List<Long> ids, String after, int limit) {
        Query query = entities.createNativeQuery("SELECT p.folder_id, p.name, b.size, v.created_at"
                + " FROM (SELECT folder_id, name, version_id FROM file WHERE folder_id IN (" + Rows.marks(ids.size())
                + ") AND name > ? ORDER BY folder_id, name LIMIT ?) p"
                + " JOIN file_version v ON v.id = p.version_id JOIN blob_ b ON b.id = v.blob_id"
                + " ORDER BY p.folder_id, p.name");
        Rows.fill(query, 1, ids).setParameter(ids.size() + 1, after).setParameter(ids.size() + 2, limit);
        return Rows.of(query).stream()
                .map(row -> {
                    var position = new Position(Rows.number(row[0]), Rows.text(row[1]));
                    return new OwnedFile(
                            position,
                            Objects.requireNonNull(folders.get(position.folderId))
                                    .child(position.name),
                            Rows.number(row[2]),
                            Rows.instant(row[3]).orElseThrow());
                })
                .toList();
    }
}
