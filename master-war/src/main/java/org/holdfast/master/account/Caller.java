package org.holdfast.master.account;

/**
 * Who sends a request, after sign-in.
 *
 * @param accountId key of the account
 * @param name its name
 * @param role what it may do at all
 */
public record Caller(long accountId, String name, Role role) {
    public boolean isAdministrator() {
        return role == Role.ADMINISTRATOR;
    }
}
