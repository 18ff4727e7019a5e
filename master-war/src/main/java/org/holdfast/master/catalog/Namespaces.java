package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.account.Caller;
import org.holdfast.master.replication.Walks;

/** Makes, lists and changes namespaces. */
@ApplicationScoped
public class Namespaces {
    @PersistenceContext
    EntityManager entities;

    @Inject
    FindNames names;

    @Inject
    Walks walks;

    @Inject
    Clock clock;

    /** A namespace as people see it. */
    public record NamespaceView(String name, NamespaceTerms terms) {}

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
        return view(namespace);
    }

    /** Makes the first administrator's namespace, named after the account, unless there is one. */
    @Transactional
    public void makeFirst(Caller administrator, NamespaceTerms terms) {
        if (of(administrator).stream().noneMatch(there -> there.name().equals(administrator.name()))) {
            var unused = make(administrator, administrator.name(), terms);
        }
    }

    /** Those that the caller may use, by name. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<NamespaceView> of(Caller caller) {
        return entities.createQuery(
                        "select n from Namespace n where :all = true or n.ownerId = :owner order by n.name",
                        Namespace.class)
                .setParameter("all", caller.isAdministrator())
                .setParameter("owner", caller.accountId())
                .getResultStream()
                .map(Namespaces::view)
                .toList();
    }

    @Transactional(Transactional.TxType.SUPPORTS)
    public NamespaceView get(Caller caller, String name) {
        return view(names.namespace(caller, name));
    }

    /** Changes how files are kept. When it is the number of copies, those of the files that are there follow by a walk. */
    @Transactional
    public NamespaceView change(Caller caller, String name, NamespaceTerms terms) {
        Namespace namespace = names.namespace(caller, name);
        if (namespace.replicaCount != terms.replicas()) {
            walks.namespaceChanged(namespace.id);
        }
        namespace.apply(terms);
        return view(namespace);
    }

    private static NamespaceView view(Namespace namespace) {
        return new NamespaceView(namespace.name, namespace.terms());
    }
}
