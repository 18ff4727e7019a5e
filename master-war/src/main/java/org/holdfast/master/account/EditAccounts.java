package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.database.Rows;

/**
 * Makes, changes and deletes accounts. Each method is one transaction; run it through {@link
 * org.holdfast.master.database.Contention}.
 */
@ApplicationScoped
public class EditAccounts {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Accounts accounts;

    @Inject
    InvitePeople invitePeople;

    @Inject
    NewEmails emails;

    @Inject
    HashPasswords hashes;

    @Inject
    Event<AccountMade> made;

    @Inject
    Event<AccountLeaves> leaves;

    @Inject
    Clock clock;

    /**
     * A new account.
     *
     * @param invitation how its owner sets the password; empty when a password was given
     */
    public record Made(AccountView account, Optional<InvitePeople.Invitation> invitation) {}

    /**
     * Makes the first administrator, once in the life of a database.
     *
     * @return the account, present only when it was made now
     */
    @Transactional
    public Optional<Caller> makeFirstAdministrator(String name, String password) {
        if (!Rows.longs(entities.createNativeQuery("SELECT id FROM account WHERE role = ? AND deleted_at IS NULL")
                        .setParameter(1, Role.ADMINISTRATOR.name()))
                .isEmpty()) {
            return Optional.empty();
        }
        var standard = AccountTerms.DEFAULT;
        var terms = new AccountTerms(
                standard.email(), "", Role.ADMINISTRATOR, standard.validity(), false, false, standard.quota());
        return Optional.of(persist(name, terms, hashes.hash(password)).caller());
    }

    /**
     * Makes an account and what belongs to it: the namespace of the same name.
     *
     * @param name also of the namespace, with the same rules
     * @param passwordHash of {@link PasswordLinks#hash}; without one its owner is invited to set a password
     * @throws HoldfastException CONFLICT when there is an account or a namespace of this name, or the e-mail is taken
     */
    @Transactional
    public Made make(String name, AccountTerms terms, Optional<String> passwordHash) {
        FileAddress.requireNamespace(name);
        if (emails.isTaken(name, -1)) {
            throw conflict("There is an account " + name + " already.");
        }
        terms.email().ifPresent(email -> emails.requireFree(email, -1));
        Account account = persist(name, terms, passwordHash.orElse(Account.NO_PASSWORD));
        if (passwordHash.isPresent()) {
            invitePeople.welcome(account);
            return new Made(account.view(), Optional.empty());
        }
        return new Made(account.view(), Optional.of(invitePeople.invite(account)));
    }

    private Account persist(String name, AccountTerms terms, String passwordHash) {
        var account = new Account(name, terms, passwordHash, clock.instant());
        entities.persist(account);
        entities.flush();
        made.fire(new AccountMade(account.caller()));
        return account;
    }

    /**
     * Changes what can be changed. Whatever lets in others than before ends all sessions of the account. An e-mail address
     * that people give themselves waits until it is confirmed; what administrators give counts at once.
     *
     * @param caller an administrator, or the account itself, which may change its e-mail and display name only
     * @param change from the present terms to those that are to be
     */
    @Transactional
    public AccountView change(Caller caller, String name, UnaryOperator<AccountTerms> change) {
        Account account = accounts.locked(accounts.ownOrAny(caller, name).name);
        AccountTerms before = account.terms();
        AccountTerms after = change.apply(before);
        if (!caller.isAdministrator() && !after.isOwnChangeOf(before)) {
            throw HoldfastException.of(
                    FailureKind.FORBIDDEN, "forbidden", "Only administrators may change this of an account.");
        }
        if (before.role() == Role.ADMINISTRATOR && after.letsInOthersThan(before)) {
            requireAnotherAdministrator(account.id);
        }
        account.apply(after.withEmail(before.email()));
        if (!after.email().equals(before.email())) {
            changeEmail(caller, account, after.email());
        }
        if (after.letsInOthersThan(before)) {
            accounts.endSessions(account);
        }
        return account.view();
    }

    private void changeEmail(Caller caller, Account account, Optional<String> email) {
        if (email.isPresent() && !caller.isAdministrator()) {
            emails.ask(account, email.get());
            return;
        }
        email.ifPresent(given -> emails.requireFree(given, account.id));
        emails.set(account, email);
    }

    /**
     * Deletes an account. Its row stays under another name, for what it has done.
     *
     * @param heir who gets its namespaces; without one it must not own files
     * @throws HoldfastException CONFLICT while it owns files, and for the last administrator; NOT_FOUND when there is no
     *     such heir
     */
    @Transactional
    public void remove(String name, Optional<String> heir) {
        Account account = accounts.locked(name);
        if (account.role == Role.ADMINISTRATOR) {
            requireAnotherAdministrator(account.id);
        }
        leaves.fire(new AccountLeaves(account.caller(), heir));
        accounts.endSessions(account);
        account.deletedAt = clock.instant();
        // Blanks are in no account's name.
        account.name = account.name + " (deleted " + account.id + ")";
        account.email = null;
        NewEmails.forget(account);
        account.passwordHash = Account.NO_PASSWORD;
    }

    /** A usable administrator must be left; the rows are locked, so that two can't end each other at once. */
    private void requireAnotherAdministrator(long accountId) {
        if (administrators().stream().allMatch(id -> id == accountId)) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT,
                    "last-administrator",
                    "This is the last administrator with a password whose account is valid without end; make another one"
                            + " first.");
        }
    }

    private List<Long> administrators() {
        return Rows.longs(entities.createNativeQuery("SELECT id FROM account WHERE role = ? AND deleted_at IS NULL"
                        + " AND NOT suspended AND valid_from IS NULL AND valid_until IS NULL"
                        + " AND password_hash <> ? AND NOT must_set_password ORDER BY id FOR UPDATE")
                .setParameter(1, Role.ADMINISTRATOR.name())
                .setParameter(2, Account.NO_PASSWORD));
    }

    private static HoldfastException conflict(String sentence) {
        return HoldfastException.of(FailureKind.CONFLICT, "conflict", sentence);
    }
}
