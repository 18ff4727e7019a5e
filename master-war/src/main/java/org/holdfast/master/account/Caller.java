package org.holdfast.master.account;

/**
 * Who sends a request, after sign-in.
 *
 * @param accountId key of the account
 * @param name its name
 * @param role what it may do at all
 * @param epoch the account's when they signed in; it has grown since when all its sessions have ended
 */
public record Caller(long accountId, String name, Role role, int epoch) {
    public boolean isAdministrator() {
        return role == Role.ADMINISTRATOR;
    }
}
