package org.holdfast.master.account;

/**
 * What somebody who has signed in may try, but not without end; counted by account, wherever it comes from.
 *
 * @param subject what they are counted under; at most 40 ASCII characters
 */
public record Tries(String subject) {
    /** Names of accounts that are not there. */
    public static Tries ofNames(long accountId) {
        return new Tries("names:" + accountId);
    }

    /** Mails to addresses that are to be confirmed. */
    static Tries ofEmails(long accountId) {
        return new Tries("emails:" + accountId);
    }
}
