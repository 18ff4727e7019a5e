package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;

/** Gives people a one-time link to set their password. */
@ApplicationScoped
public class InvitePeople {
    @Inject
    Accounts accounts;

    @Inject
    PasswordLinks links;

    /**
     * How the link reaches its account's owner.
     *
     * @param url to be handed on by the administrator
     */
    public record Invitation(String url) {
        @Override
        public String toString() {
            return "Invitation[]";
        }
    }

    /** Makes a link for an account, whatever its password is. */
    @Transactional
    public Invitation invite(String name) {
        return invite(accounts.locked(name));
    }

    Invitation invite(Account account) {
        return new Invitation(links.url(links.make(account.id)));
    }
}
