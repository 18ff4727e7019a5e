package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/** The stored side of accounts and sessions. */
@ApplicationScoped
public class Accounts {
    static final Duration SESSION_LIFE = Duration.ofHours(12);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /**
     * Makes the first administrator, once in the life of a database.
     *
     * @return the account, present only when it was made now
     */
    @Transactional
    public Optional<Caller> createFirstAdministrator(String name, String password) {
        long administrators = entities.createQuery("select count(a) from Account a where a.role = :role", Long.class)
                .setParameter("role", Role.ADMINISTRATOR)
                .getSingleResult();
        if (administrators > 0) {
            return Optional.empty();
        }
        var account = new Account(name, PasswordHash.of(password), Role.ADMINISTRATOR, clock.instant());
        entities.persist(account);
        entities.flush();
        return Optional.of(account.caller());
    }

    /** The caller with this name, when the password is right. Costs one Argon2 computation either way. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Optional<Caller> withPassword(String name, String password) {
        Optional<Account> account = find(name);
        String hash = account.map(found -> found.passwordHash).orElse(UNKNOWN_NAME);
        boolean right = PasswordHash.matches(password, hash);
        return account.filter(found -> right).map(Account::caller);
    }

    /** Compared against when the name is unknown, so that the time taken does not tell which names exist. */
    private static final String UNKNOWN_NAME = PasswordHash.of("no account has this password");

    /** The stored hash of an account's password. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Optional<String> hash(String name) {
        return find(name).map(account -> account.passwordHash);
    }

    /** The caller with this name, while its password's hash is still this one. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Optional<Caller> withHash(String name, String passwordHash) {
        return find(name)
                .filter(account -> account.passwordHash.equals(passwordHash))
                .map(Account::caller);
    }

    private Optional<Account> find(String name) {
        return entities.createQuery("select a from Account a where a.name = :name", Account.class)
                .setParameter("name", name)
                .getResultStream()
                .findFirst();
    }

    /** The caller behind a token's digest, while its session lasts. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Optional<Caller> withSession(String tokenSha256) {
        return Optional.ofNullable(entities.find(Session.class, tokenSha256))
                .filter(session -> clock.instant().isBefore(session.expiresAt))
                .map(session -> entities.find(Account.class, session.accountId))
                .map(Account::caller);
    }

    /** Keeps a new session and answers when it ends. */
    @Transactional
    public Instant openSession(Caller caller, String tokenSha256) {
        Instant now = clock.instant();
        entities.createQuery("delete from Session s where s.expiresAt < :now")
                .setParameter("now", now)
                .executeUpdate();
        var session = new Session(tokenSha256, caller.accountId(), now, now.plus(SESSION_LIFE));
        entities.persist(session);
        return session.expiresAt;
    }

    /** Ends a session; unknown ones count as ended. */
    @Transactional
    public void closeSession(String tokenSha256) {
        Session session = entities.find(Session.class, tokenSha256);
        if (session != null) {
            entities.remove(session);
        }
    }

    /** The caller with this name, if there is one. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Optional<Caller> named(String name) {
        return find(name).map(Account::caller);
    }

    /** The caller for an account's name. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public Caller require(String name) {
        return named(name)
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.NOT_FOUND, "not-found", "There is no account named " + name + "."));
    }
}
