package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/** Compares a password with an account's. An unknown name takes as long as a known one, and counts as a wrong guess. */
@ApplicationScoped
public class CheckPassword {
    @Inject
    Accounts accounts;

    @Inject
    HashPasswords hashes;

    @Inject
    Throttle throttle;

    /**
     * The account, when the password is right; costs one Argon2 computation either way.
     *
     * @param meanwhile asked when it is this check's turn: whoever came before may have brought the same password
     * @throws HoldfastException THROTTLED {@code too-many-attempts}
     */
    Optional<Accounts.Known> check(
            String login, String password, Client client, Supplier<Optional<Accounts.Known>> meanwhile) {
        // By its id: the name and the e-mail address of an account share their count.
        GuessedAt target = accounts.known(login)
                .map(account -> GuessedAt.account(account.caller().accountId()))
                .orElseGet(() -> GuessedAt.nobody(login));
        throttle.require(target, client);
        return hashes.inTurn(() -> meanwhile.get().or(() -> {
            // Again: of many guesses that wait at once only as many as turns may pass before they are counted.
            throttle.require(target, client);
            Optional<Accounts.Known> account = accounts.known(login);
            boolean right = hashes.matches(
                    password, account.map(Accounts.Known::passwordHash).orElse(Account.NO_PASSWORD));
            if (right) {
                throttle.succeeded(target, client);
                return account;
            }
            throttle.failed(target, client);
            return Optional.empty();
        }));
    }

    /** The account while its hash is still this one. */
    Optional<Accounts.Known> sameHash(String login, String passwordHash) {
        return accounts.known(login).filter(account -> account.passwordHash().equals(passwordHash));
    }

    /** Tells whose password is right why the account can't be used all the same. */
    static Accounts.Known requireUsable(Accounts.Known account, Instant now) {
        if (!account.active()) {
            throw HoldfastException.of(
                    FailureKind.FORBIDDEN,
                    "account-inactive",
                    switch (account.view().state(now)) {
                        case "suspended" -> "This account is suspended.";
                        case "early" -> "This account is not valid yet.";
                        default -> "This account is not valid any more.";
                    });
        }
        if (account.view().terms().mustSetPassword()) {
            throw HoldfastException.of(
                    FailureKind.FORBIDDEN,
                    "password-must-be-set",
                    "Set a password of your own first: POST /api/v1/users/"
                            + account.caller().name() + "/password.");
        }
        return account;
    }
}
