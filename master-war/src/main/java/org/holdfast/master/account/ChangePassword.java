package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/** Sets a password for somebody who knows the one before. */
@ApplicationScoped
public class ChangePassword {
    @Inject
    CheckPassword checkPassword;

    @Inject
    HashPasswords hashes;

    @Inject
    PasswordLinks links;

    /**
     * Sets the password; all sessions of the account end.
     *
     * @throws HoldfastException UNAUTHENTICATED when the old one is wrong; INVALID {@code weak-password}, also when
     *     nothing would change; THROTTLED
     */
    public void change(String name, String old, String next, Client client) {
        if (next.equals(old)) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "weak-password", "The new password must be another one than the old.");
        }
        Accounts.Known account =
                checkPassword.check(name, old, client, Optional::empty).orElseThrow(SignIn::refused);
        if (!account.active()) {
            throw HoldfastException.of(
                    FailureKind.FORBIDDEN, "account-inactive", "This account can't be used at the moment.");
        }
        links.replace(account.caller().name(), account.passwordHash(), hashes.hash(next));
    }
}
