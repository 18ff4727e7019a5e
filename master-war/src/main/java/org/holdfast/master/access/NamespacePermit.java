package org.holdfast.master.access;

import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.account.Caller;

/** Decides whether a caller may use a namespace: its owner and administrators may. */
public final class NamespacePermit {
    private NamespacePermit() {}

    /** Lets the caller pass, or says that the namespace does not exist, so that strangers learn nothing about it. */
    public static void require(Caller caller, long ownerId, String namespace) {
        if (!caller.isAdministrator() && caller.accountId() != ownerId) {
            throw missing(namespace);
        }
    }

    /** The answer for a namespace that is not there, or not for this caller. */
    public static HoldfastException missing(String namespace) {
        return HoldfastException.of(
                FailureKind.NOT_FOUND, "not-found", "There is no namespace " + namespace + " that you may use.");
    }
}
