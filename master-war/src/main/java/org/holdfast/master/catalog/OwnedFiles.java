package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import org.holdfast.contract.FileAddress;
import org.holdfast.master.account.AccountView;
import org.holdfast.master.account.Accounts;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Quota;
import org.holdfast.master.database.Rows;

/** What an account owns: its namespaces, and all that is in them, whoever put it there. */
@ApplicationScoped
public class OwnedFiles {
    public static final int MAX_PAGE = 10_000;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Accounts accounts;

    @Inject
    Namespaces namespaces;

    /** What an account keeps, and may keep. */
    public record AccountUsage(CountUsage.Usage usage, Quota quota, List<Namespaces.NamespaceView> namespaces) {}

    /** A file; its id is where the next page goes on. */
    public record OwnedFile(long id, FileAddress address, long sizeBytes, Instant modifiedAt) {}

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

    /** A page in the order in which the files were made; for the account itself and for administrators. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<OwnedFile> page(Caller caller, String name, long after, int limit) {
        return Rows.of(entities.createNativeQuery("SELECT f.id, n.name, d.path, f.name, b.size, v.created_at"
                                + " FROM namespace n JOIN folder d ON d.namespace_id = n.id"
                                + " JOIN file f ON f.folder_id = d.id AND f.id > ?"
                                + " JOIN file_version v ON v.id = f.version_id JOIN blob_ b ON b.id = v.blob_id"
                                + " WHERE n.owner_id = ? ORDER BY f.id LIMIT ?")
                        .setParameter(1, after)
                        .setParameter(2, accounts.view(caller, name).id())
                        .setParameter(3, limit))
                .stream()
                .map(row -> new OwnedFile(
                        Rows.number(row[0]),
                        new FileAddress(Rows.text(row[1]), Rows.text(row[2])).child(Rows.text(row[3])),
                        Rows.number(row[4]),
                        Rows.instant(row[5]).orElseThrow()))
                .toList();
    }
}
