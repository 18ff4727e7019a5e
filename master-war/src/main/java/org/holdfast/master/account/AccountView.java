package org.holdfast.master.account;

import java.time.Instant;
import java.util.Optional;

/**
 * An account as people see it.
 *
 * @param id its key
 * @param name its name, also of its namespace
 * @param terms what can be changed about it
 * @param waiting the e-mail address that it has asked for, where one is to be confirmed
 * @param hasPassword whether one was ever set
 * @param createdAt when it was made
 */
public record AccountView(
        long id, String name, AccountTerms terms, Optional<Waiting> waiting, boolean hasPassword, Instant createdAt) {
    /** An e-mail address that does not count yet, and until when it may be confirmed. */
    record Waiting(String email, Instant until) {}

    /** The e-mail address that waits to be confirmed now. */
    public Optional<String> newEmail(Instant now) {
        return waiting.filter(address -> now.isBefore(address.until)).map(Waiting::email);
    }

    /** In one word: active, suspended, early, expired or passwordless. */
    public String state(Instant now) {
        if (terms.suspended()) {
            return "suspended";
        }
        if (!terms.validity().hasBegun(now)) {
            return "early";
        }
        if (!terms.validity().holds(now)) {
            return "expired";
        }
        return hasPassword && !terms.mustSetPassword() ? "active" : "passwordless";
    }
}
