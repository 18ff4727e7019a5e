package org.holdfast.master.account;

import java.time.Instant;

/**
 * An account as people see it.
 *
 * @param id its key
 * @param name its name, also of its namespace
 * @param terms what can be changed about it
 * @param hasPassword whether one was ever set
 * @param createdAt when it was made
 */
public record AccountView(long id, String name, AccountTerms terms, boolean hasPassword, Instant createdAt) {
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
