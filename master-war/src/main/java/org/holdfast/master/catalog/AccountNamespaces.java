package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.List;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.account.AccountLeaves;
import org.holdfast.master.account.AccountMade;
import org.holdfast.master.account.Accounts;
import org.holdfast.master.account.Caller;
import org.holdfast.master.database.Rows;

/** What the catalog does when accounts come and go. Observers run in the transaction of what they observe. */
@ApplicationScoped
public class AccountNamespaces {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Namespaces namespaces;

    @Inject
    NamespaceTerms defaults;

    @Inject
    Accounts accounts;

    @Inject
    CountUsage usage;

    @Inject
    LockNames lockNames;

    @Inject
    ShareLinks shareLinks;

    @Inject
    ChangeLog changes;

    /** A new account gets a namespace of its own name. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void onMade(@Observes AccountMade made) {
        var unused = namespaces.make(made.account(), made.account().name(), defaults);
    }

    /**
     * The locks, the links, the roles and the empty namespaces of an account that goes away go with it, unless an heir
     * gets its namespaces; CONFLICT {@code owns-files} for the others.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void onLeaves(@Observes AccountLeaves leaves) {
        Caller owner = leaves.account();
        lockNames.endAllOf(owner.accountId());
        shareLinks.endAllOf(owner.accountId());
        leaves.heir().ifPresent(heir -> usage.handOn(owner.accountId(), accounts.idOf(heir)));
        entities.createNativeQuery("DELETE FROM grant_ WHERE account_id = ?")
                .setParameter(1, owner.accountId())
                .executeUpdate();
        for (var row : owned(owner.accountId())) {
            long id = Rows.number(row[0]);
            String name = Rows.text(row[1]);
            // The folders' locks keep others from putting files until this transaction has ended.
            Rows.longs(entities.createNativeQuery("SELECT id FROM folder WHERE namespace_id = ? FOR UPDATE")
                    .setParameter(1, id));
            boolean used = !Rows.longs(entities.createNativeQuery("SELECT f.id FROM folder d JOIN file f"
                                    + " ON f.folder_id = d.id WHERE d.namespace_id = ? LIMIT 1")
                            .setParameter(1, id))
                    .isEmpty();
            if (used) {
                throw HoldfastException.of(
                        FailureKind.CONFLICT,
                        "owns-files",
                        "The account owns files in the namespace " + name
                                + "; add ?give-to=ACCOUNT to hand them on, or ?delete-files=true.");
            }
            // Deepest first: each row is the parent of those below it.
            entities.createNativeQuery("DELETE FROM folder WHERE namespace_id = ? ORDER BY CHAR_LENGTH(path) DESC")
                    .setParameter(1, id)
                    .executeUpdate();
            entities.createNativeQuery("DELETE FROM namespace WHERE id = ?")
                    .setParameter(1, id)
                    .executeUpdate();
            changes.add(ChangeKind.DELETE_FOLDER, new FileAddress(name, ""), null, List.of(), owner.accountId());
        }
    }

    /** The names of the namespaces that an account owns. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<String> of(String account) {
        return owned(accounts.idOf(account)).stream()
                .map(row -> Rows.text(row[1]))
                .toList();
    }

    private List<Object[]> owned(long accountId) {
        return Rows.of(entities.createNativeQuery("SELECT id, name FROM namespace WHERE owner_id = ? ORDER BY id")
                .setParameter(1, accountId));
    }
}
