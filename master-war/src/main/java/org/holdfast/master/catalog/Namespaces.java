package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.access.FileOperation;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Quota;
import org.holdfast.master.database.Rows;
import org.holdfast.master.placement.PlacementPolicy;
import org.holdfast.master.replication.Walks;

/** Makes, lists and changes namespaces. */
@ApplicationScoped
public class Namespaces {
    private static final String USABLE = " WHERE (? OR n.owner_id = ?"
            + " OR n.id IN (SELECT d.namespace_id FROM grant_ g JOIN folder d ON d.id = g.folder_id"
            + " WHERE g.account_id = ?)"
            + " OR n.id IN (SELECT d.namespace_id FROM grant_ g JOIN file f ON f.id = g.file_id"
            + " JOIN folder d ON d.id = f.folder_id WHERE g.account_id = ?))";

    /** Told to whoever is told of the namespace. */
    private static final String EVERYBODY = "1";

    /** Told to the owner, to administrators, and to who has a role on the root folder. */
    private static final String MEMBERS = "(? OR n.owner_id = ? OR EXISTS (SELECT 1 FROM folder d"
            + " JOIN grant_ g ON g.folder_id = d.id WHERE d.namespace_id = n.id AND d.path_sha256 = ?"
            + " AND g.account_id = ?))";

    @PersistenceContext
    EntityManager entities;

    @Inject
    FindNames names;

    @Inject
    Walks walks;

    @Inject
    Clock clock;

    /**
     * A namespace as people see it.
     *
     * @param owner name of the account that it belongs to
     * @param kept for who has a role on the whole of it
     */
    public record NamespaceView(String name, NamespaceTerms terms, String owner, Optional<Kept> kept) {}

    /**
     * What a namespace keeps.
     *
     * @param quota how much it may keep; its owner's quota holds besides
     */
    public record Kept(CountUsage.Usage usage, Quota quota) {}

    /** Makes a namespace with its root folder, owned by the account; CONFLICT when there is one. */
    @Transactional
    public NamespaceView make(Caller owner, String name, NamespaceTerms terms) {
        FileAddress.requireNamespace(name);
        boolean taken = entities.createQuery("select count(n) from Namespace n where n.name = :name", Long.class)
                        .setParameter("name", name)
                        .getSingleResult()
                > 0;
        if (taken) {
            throw HoldfastException.of(FailureKind.CONFLICT, "conflict", "There is a namespace " + name + " already.");
        }
        var namespace = new Namespace(name, owner.accountId(), terms, clock.instant());
        entities.persist(namespace);
        entities.flush();
        entities.persist(new Folder(namespace.id, null, "", "", clock.instant()));
        entities.createNativeQuery("INSERT INTO namespace_usage (namespace_id, files, bytes) VALUES (?, 0, 0)")
                .setParameter(1, namespace.id)
                .executeUpdate();
        return view(namespace);
    }

    /** Those in which the caller may use something, by name. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<NamespaceView> of(Caller caller) {
        return usable(caller, "");
    }

    /** Those that an account owns, by name. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<NamespaceView> ownedBy(long accountId) {
        return views(EVERYBODY, " WHERE n.owner_id = ?", accountId);
    }

    @Transactional(Transactional.TxType.SUPPORTS)
    public NamespaceView get(Caller caller, String name) {
        return usable(caller, " AND n.name = ?", name).stream()
                .findFirst()
                .orElseThrow(() -> FindRoles.hidden(new FileAddress(name, "")));
    }

    /**
     * Changes how files are kept, and how much. When it is the number of copies, those of the files that are there follow
     * by a walk; what is there already stays, whatever the quota. When fewer versions are to be kept, those of a file that
     * are too many go with its next put.
     */
    @Transactional
    public NamespaceView change(Caller caller, String name, NamespaceTerms terms, Quota quota) {
        Namespace namespace = names.namespace(caller, new FileAddress(name, ""), FileOperation.GRANT);
        if (namespace.replicaCount != terms.replicas()) {
            walks.namespaceChanged(namespace.id);
        }
        namespace.apply(terms);
        namespace.quotaBytes = quota.bytes().orElse(null);
        namespace.quotaFiles = quota.files().orElse(null);
        return view(namespace);
    }

    private NamespaceView view(Namespace namespace) {
        return views(EVERYBODY, " WHERE n.id = ?", namespace.id).get(0);
    }

    private List<NamespaceView> usable(Caller caller, String more, Object... parameters) {
        boolean all = caller.isAdministrator();
        long me = caller.accountId();
        var values = new ArrayList<Object>(List.of(all, me, PathKey.of(""), me, all, me, me, me));
        values.addAll(List.of(parameters));
        return views(MEMBERS, USABLE + more, values.toArray());
    }

    private List<NamespaceView> views(String mayCount, String where, Object... parameters) {
        var query = entities.createNativeQuery(
                "SELECT n.name, n.replica_count, n.placement, n.durability, n.versions_kept, a.name,"
                        + " n.quota_files, n.quota_bytes, COALESCE(u.files, 0), COALESCE(u.bytes, 0), " + mayCount
                        + " FROM namespace n JOIN account a ON a.id = n.owner_id"
                        + " LEFT JOIN namespace_usage u ON u.namespace_id = n.id" + where + " ORDER BY n.name");
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        return Rows.of(query).stream()
                .map(row -> new NamespaceView(
                        Rows.text(row[0]),
                        new NamespaceTerms(
                                (int) Rows.number(row[1]),
                                PlacementPolicy.valueOf(Rows.text(row[2])),
                                (int) Rows.number(row[3]),
                                (int) Rows.number(row[4])),
                        Rows.text(row[5]),
                        Rows.number(row[10]) == 1
                                ? Optional.of(
                                        new Kept(CountUsage.usage(row[8], row[9]), CountUsage.quota(row[6], row[7])))
                                : Optional.empty()))
                .toList();
    }
}
