package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Ulid;
import org.holdfast.master.database.Rows;

/**
 * One-time links with which people set their password. The link's text is sealed and not kept: what is in the database
 * opens nothing. Whoever sets the password uses up all links of the account.
 */
@ApplicationScoped
public class PasswordLinks {
    /** Path of the page behind a link, below the master's URL. */
    public static final String PATH = "/api/v1/password-links/";

    private static final String PURPOSE = "holdfast-password-link-1";

    @PersistenceContext
    EntityManager entities;

    @Inject
    Accounts accounts;

    @Inject
    HashPasswords hashes;

    @Inject
    SealedText seal;

    @Inject
    PeopleConfig config;

    @Inject
    Clock clock;

    /** Makes a link for an account; returns its key. */
    @Transactional(Transactional.TxType.MANDATORY)
    public String make(long accountId) {
        String id = Ulid.next(clock);
        entities.createNativeQuery("INSERT INTO password_link (id, account_id, expires_at) VALUES (?, ?, ?)")
                .setParameter(1, id)
                .setParameter(2, accountId)
                .setParameter(3, Rows.utc(clock.instant().plus(config.passwordLinkLife())))
                .executeUpdate();
        return id;
    }

    /** The link of this key, as its account's owner gets it. */
    public String url(String id) {
        return config.url() + PATH + seal.seal(PURPOSE, id);
    }

    /** Name of the account that the link is for; NOT_FOUND {@code link-not-valid} when it is used up or too old. */
    @Transactional(Transactional.TxType.SUPPORTS)
    public String accountOf(String token) {
        String id = seal.open(PURPOSE, token).orElseThrow(PasswordLinks::notValid);
        return Rows.texts(entities.createNativeQuery(
                                "SELECT a.name FROM password_link l JOIN account a"
                                        + " ON a.id = l.account_id WHERE l.id = ? AND l.expires_at > ? AND a.deleted_at IS NULL")
                        .setParameter(1, id)
                        .setParameter(2, Rows.utc(clock.instant())))
                .stream()
                .findFirst()
                .orElseThrow(PasswordLinks::notValid);
    }

    /** The hash of a password that is to be set; outside the transaction, since it takes its time. */
    public String hash(String password) {
        return hashes.hash(password);
    }

    /** Sets the password of the account that the link is for. */
    @Transactional
    public void use(String token, String passwordHash) {
        Account account = accounts.locked(accountOf(token));
        // Once more, now that nobody else can use it up.
        var unused = accountOf(token);
        setPassword(account, passwordHash);
    }

    /** Sets the password of an account, unless another one was set since its hash was read. */
    @Transactional
    public void replace(String name, String oldHash, String newHash) {
        Account account = accounts.locked(name);
        if (!account.passwordHash.equals(oldHash)) {
            throw SignIn.refused();
        }
        setPassword(account, newHash);
    }

    /** Sets a locked account's password: its sessions and links end. */
    private void setPassword(Account account, String passwordHash) {
        account.passwordHash = passwordHash;
        account.mustSetPassword = false;
        accounts.endSessions(account);
        endAllOf(account.id);
    }

    /** Uses up all links of an account. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void endAllOf(long accountId) {
        entities.createNativeQuery("DELETE FROM password_link WHERE account_id = ?")
                .setParameter(1, accountId)
                .executeUpdate();
    }

    private static HoldfastException notValid() {
        return HoldfastException.of(
                FailureKind.NOT_FOUND,
                "link-not-valid",
                "This link is used up or too old; ask an administrator for a new one.");
    }
}
