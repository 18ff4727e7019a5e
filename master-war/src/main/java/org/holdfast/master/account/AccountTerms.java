package org.holdfast.master.account;

import java.util.Optional;
import java.util.regex.Pattern;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/**
 * What can be changed about an account.
 *
 * @param email where mails go, and another way to name the account at sign-in; lower case
 * @param displayName how people call its owner; may be empty
 * @param role what it may do at all
 * @param validity from when to when it may be used
 * @param suspended whether it may not be used at the moment, whatever its validity
 * @param mustSetPassword whether its password opens nothing but its own change
 * @param quota over all namespaces that it owns
 */
public record AccountTerms(
        Optional<String> email,
        String displayName,
        Role role,
        Validity validity,
        boolean suspended,
        boolean mustSetPassword,
        Quota quota) {
    /** Of a new account that was told nothing else. */
    public static final AccountTerms DEFAULT =
            new AccountTerms(Optional.empty(), "", Role.USER, Validity.UNLIMITED, false, true, Quota.UNLIMITED);

    private static final int MAX_EMAIL = 254;
    private static final int MAX_DISPLAY_NAME = 190;
    /** Something before one @, a domain of names and dots behind it. A mail server knows the rest. */
    private static final Pattern EMAIL =
            Pattern.compile("[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\\.[a-z0-9-]+)*");

    public AccountTerms {
        if (email.filter(text ->
                        text.length() > MAX_EMAIL || !EMAIL.matcher(text).matches())
                .isPresent()) {
            throw invalid("The e-mail address is not one: name@domain, in lower case.");
        }
        if (displayName.length() > MAX_DISPLAY_NAME || displayName.chars().anyMatch(Character::isISOControl)) {
            throw invalid("A display name has at most " + MAX_DISPLAY_NAME + " characters, none of them control.");
        }
    }

    /** Whether the other terms let in whom these would not, or the other way round: then all sessions end. */
    boolean letsInOthersThan(AccountTerms other) {
        return role != other.role
                || suspended != other.suspended
                || mustSetPassword != other.mustSetPassword
                || !validity.equals(other.validity);
    }

    /** Whether only what people may change about themselves differs. */
    boolean isOwnChangeOf(AccountTerms other) {
        return !letsInOthersThan(other) && quota.equals(other.quota);
    }

    /** The same with another address. */
    AccountTerms withEmail(Optional<String> other) {
        return new AccountTerms(other, displayName, role, validity, suspended, mustSetPassword, quota);
    }

    private static HoldfastException invalid(String sentence) {
        return HoldfastException.of(FailureKind.INVALID, "invalid-parameter", sentence);
    }
}
