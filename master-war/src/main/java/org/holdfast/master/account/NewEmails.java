package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Ulid;
import org.holdfast.master.database.Rows;
import org.holdfast.master.mail.Outbox;

/**
 * E-mail addresses that people give themselves. One counts when its account has shown the code that was sent there; until
 * then it signs nobody in, gets no other mail and keeps nobody else from it. The answer is the same whether or not another
 * account has the address; only who reads mails there learns that.
 */
@ApplicationScoped
public class NewEmails {
    /** Path of the console's page that shows a code, below the master's URL; the code follows. */
    public static final String PAGE = "/console/#/account/";

    private static final String PURPOSE = "holdfast-email-code-1";

    @PersistenceContext
    EntityManager entities;

    @Inject
    Accounts accounts;

    @Inject
    PasswordLinks links;

    @Inject
    Throttle throttle;

    @Inject
    SealedText seal;

    @Inject
    Outbox outbox;

    @Inject
    PeopleConfig config;

    @Inject
    Clock clock;

    /** Where the page is that shows the code with this key. */
    public String url(String codeId) {
        return config.url() + PAGE + seal.seal(PURPOSE, codeId);
    }

    /**
     * Notes the address and writes to it, in the place of one that has waited before.
     *
     * @param account locked
     * @throws HoldfastException FORBIDDEN {@code email-by-administrator} where no mails are sent; THROTTLED {@code
     *     too-many-attempts}
     */
    void ask(Account account, String email) {
        if (!outbox.isOn()) {
            throw HoldfastException.of(
                    FailureKind.FORBIDDEN,
                    "email-by-administrator",
                    "This cluster sends no mails, so no address can be confirmed; ask an administrator to change yours.");
        }
        Tries tries = Tries.ofEmails(account.id);
        throttle.require(tries);
        throttle.failed(tries);
        account.newEmail = email;
        account.newEmailCode = Ulid.next(clock);
        account.newEmailUntil = clock.instant().plus(config.passwordLinkLife());
        // No words of the account's owner: mails to strangers are not for whoever may sign in to write.
        String what = "the account " + account.name + " of the file store at " + config.url()
                + "\nis to have this e-mail address.";
        if (isTaken(email, account.id)) {
            outbox.add(
                    email,
                    "Your e-mail address",
                    "Hello,\n\n" + what + " Another account has it already, so nothing\nchanges, and " + account.name
                            + " is not told why.\n",
                    Optional.empty());
        } else {
            outbox.add(
                    email,
                    "Confirm your e-mail address",
                    "Hello,\n\n" + what + " Confirm it here; sign in as " + account.name
                            + " for that.\nThe link works once, until " + Minutes.text(account.newEmailUntil)
                            + ":\n\n  "
                            + Outbox.EMAIL_LINK
                            + "\n\nUntil then nothing changes. If you don't expect this mail, ignore it.\n",
                    Optional.of(account.newEmailCode));
        }
    }

    /**
     * Makes the address that waits the account's.
     *
     * @throws HoldfastException NOT_FOUND {@code code-not-valid} for another code than the last that was sent, or an old
     *     one; CONFLICT when another account has got the address meanwhile
     */
    @Transactional
    public AccountView confirm(Caller caller, String name, String code) {
        Account account = accounts.locked(accounts.ownOrAny(caller, name).name);
        String email = account.newEmail;
        if (email == null || !isGood(code, account)) {
            throw HoldfastException.of(
                    FailureKind.NOT_FOUND,
                    "code-not-valid",
                    "This code is used up, too old or of another account; change the address again to get a new one.");
        }
        requireFree(email, account.id);
        String before = account.email;
        if (before != null && outbox.isOn()) {
            outbox.add(
                    before,
                    "Your e-mail address has changed",
                    "Hello,\n\nthe account " + account.name + " of the file store at " + config.url()
                            + "\nhas another e-mail address from now on. If that was not you, tell an administrator.\n",
                    Optional.empty());
        }
        set(account, Optional.of(email));
        return account.view();
    }

    private boolean isGood(String code, Account account) {
        Instant until = account.newEmailUntil;
        return until != null
                && clock.instant().isBefore(until)
                && seal.open(PURPOSE, code).equals(Optional.ofNullable(account.newEmailCode));
    }

    /** Gives the address up that waits, if any does. */
    @Transactional
    public void cancel(Caller caller, String name) {
        forget(accounts.locked(accounts.ownOrAny(caller, name).name));
    }

    /** Gives a locked account an address that counts at once. */
    void set(Account account, Optional<String> email) {
        // Whoever reads what went to the address before is not to set this account's password.
        links.endAllOf(account.id);
        account.email = email.orElse(null);
        forget(account);
    }

    static void forget(Account account) {
        account.newEmail = null;
        account.newEmailCode = null;
        account.newEmailUntil = null;
    }

    /** CONFLICT when another account has this address, or is named so. */
    void requireFree(String email, long accountId) {
        if (isTaken(email, accountId)) {
            throw HoldfastException.of(
                    FailureKind.CONFLICT,
                    "conflict",
                    "There is an account with the e-mail address " + email + " already.");
        }
    }

    /** Whether another account can be signed in to by this text. */
    boolean isTaken(String text, long exceptId) {
        return !Rows.longs(entities.createNativeQuery("SELECT id FROM account WHERE (email = ? OR name = ?)"
                                + " AND deleted_at IS NULL AND id <> ?")
                        .setParameter(1, text)
                        .setParameter(2, text)
                        .setParameter(3, exceptId))
                .isEmpty();
    }
}
