package org.holdfast.master.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.holdfast.contract.FileAddress;
import org.holdfast.master.account.AccountTerms;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.EditAccounts;
import org.holdfast.master.catalog.AccountNamespaces;
import org.holdfast.master.catalog.LockNames;
import org.holdfast.master.catalog.RemoveTree;
import org.holdfast.master.database.Contention;

/**
 * Deletes an account: in one transaction, or in many short ones where its files are deleted too. What breaks off between
 * these leaves an account that is suspended and can be deleted again.
 */
@ApplicationScoped
public class RemoveUser {
    @Inject
    EditAccounts editAccounts;

    @Inject
    AccountNamespaces namespaces;

    @Inject
    RemoveTree removeTree;

    @Inject
    LockNames lockNames;

    /** Deletes the account; its files go to the heir, or are deleted too, or it is refused while there are some. */
    public void remove(Caller administrator, String name, Optional<String> heir, boolean deleteFiles) {
        if (heir.isEmpty() && deleteFiles) {
            // Nothing new comes while what is there goes.
            var unused = Contention.retry(() -> editAccounts.change(administrator, name, RemoveUser::suspended));
            for (String namespace : namespaces.of(name)) {
                var root = new FileAddress(namespace, "");
                Contention.retryRun(() -> lockNames.breakAll(administrator, root));
                removeTree.files(administrator, root);
            }
        }
        Contention.retryRun(() -> editAccounts.remove(name, heir));
    }

    private static AccountTerms suspended(AccountTerms there) {
        return new AccountTerms(
                there.email(),
                there.displayName(),
                there.role(),
                there.validity(),
                true,
                there.mustSetPassword(),
                there.quota());
    }
}
