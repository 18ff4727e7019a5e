package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/** Finds accounts. Deleted ones are not found. */
@ApplicationScoped
public class Accounts {
    /** Code of the failure when others name an account that is not there. */
    public static final String UNKNOWN = "no-such-account";

    @PersistenceContext
    EntityManager entities;

    @Inject
    Revoke revoke;

    @Inject
    Clock clock;

    /**
     * What sign-in needs to know of an account.
     *
     * @param caller who it is
     * @param passwordHash compared with what was typed
     * @param view what it is like at the moment
     * @param active whether its owner may act now
     */
    record Known(Caller caller, String passwordHash, AccountView view, boolean active) {}

    /** The account of this name, or of this e-mail address. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Optional<Known> known(String login) {
        return find(login)
                .or(() -> entities.createQuery(
                                "select a from Account a where a.email = :email and a.deletedAt is null", Account.class)
                        .setParameter("email", login.toLowerCase(Locale.ROOT))
                        .getResultStream()
                        .findFirst())
                .map(this::known);
    }

    private Known known(Account account) {
        return new Known(account.caller(), account.passwordHash, account.view(), account.isActive(clock.instant()));
    }

    /** The caller behind an account's name; NOT_FOUND when there is none that may act now. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Caller require(String name) {
        return find(name)
                .filter(account -> account.isActive(clock.instant()))
                .map(Account::caller)
                .orElseThrow(() -> missing(name));
    }

    /** As {@link #require(String)}; NOT_FOUND also for a later account that has been given the same name. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Caller require(String name, long id) {
        Caller caller = require(name);
        if (caller.accountId() != id) {
            throw missing(name);
        }
        return caller;
    }

    /** The account, for its owner and for administrators; NOT_FOUND for everybody else, whether there is one or not. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public AccountView view(Caller caller, String name) {
        return ownOrAny(caller, name).view();
    }

    /** Key of an account that others may name; NOT_FOUND {@link #UNKNOWN}. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public long idOf(String name) {
        return find(name)
                .orElseThrow(() ->
                        HoldfastException.of(FailureKind.NOT_FOUND, UNKNOWN, "There is no account named " + name + "."))
                .id;
    }

    /** A page of all accounts, by name. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<AccountView> page(String after, int limit) {
        return entities.createQuery(
                        "select a from Account a where a.deletedAt is null and a.name > :after order by a.name",
                        Account.class)
                .setParameter("after", after)
                .setMaxResults(limit)
                .getResultStream()
                .map(Account::view)
                .toList();
    }

    /** Where to write to the administrators who may act now and have told an address. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<String> administratorsAddresses() {
        Instant now = clock.instant();
        return entities.createQuery(
                        "select a from Account a where a.role = :role and a.email is not null and a.deletedAt is null"
                                + " order by a.id",
                        Account.class)
                .setParameter("role", Role.ADMINISTRATOR)
                .getResultStream()
                .filter(account -> account.isActive(now))
                .flatMap(account -> Optional.ofNullable(account.email).stream())
                .toList();
    }

    Account ownOrAny(Caller caller, String name) {
        return find(name)
                .filter(account -> caller.isAdministrator() || account.id == caller.accountId())
                .orElseThrow(() -> missing(name));
    }

    /** The account with its row locked until the transaction ends. */
    Account locked(String name) {
        Account account = find(name).orElseThrow(() -> missing(name));
        entities.refresh(account, LockModeType.PESSIMISTIC_WRITE);
        if (account.deletedAt != null) {
            throw missing(name);
        }
        return account;
    }

    /**
     * The account of somebody who has signed in, with its row locked; UNAUTHENTICATED when what they signed in with has
     * lost its force meanwhile, FORBIDDEN as {@link CheckPassword#requireUsable}.
     */
    Account lockedFor(Caller caller) {
        Account account = find(caller.name())
                .filter(found -> found.id == caller.accountId())
                .orElseThrow(SignIn::refused);
        entities.refresh(account, LockModeType.PESSIMISTIC_WRITE);
        if (account.epoch != caller.epoch()) {
            throw SignIn.refused();
        }
        var unused = CheckPassword.requireUsable(known(account), clock.instant());
        return account;
    }

    /** Ends all sessions of a locked account. */
    void endSessions(Account locked) {
        locked.epoch++;
        // What follows reads it in the database.
        entities.flush();
        revoke.allOf(locked.id);
    }

    Optional<Account> find(String name) {
        return entities.createQuery(
                        "select a from Account a where a.name = :name and a.deletedAt is null", Account.class)
                .setParameter("name", name)
                .getResultStream()
                .findFirst();
    }

    static HoldfastException missing(String name) {
        return HoldfastException.of(FailureKind.NOT_FOUND, "not-found", "There is no account named " + name + ".");
    }
}
