package org.holdfast.master.catalog;

import org.holdfast.contract.Conditions;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.jspecify.annotations.Nullable;

/** The conditions of a change against what is there now: RFC 9110, section 13, and {@code on-conflict=fail}. Pure. */
final class PutConditions {
    private PutConditions() {}

    /**
     * Lets the put pass or not.
     *
     * @param there the current version; null when there is none
     */
    static void require(PutTerms terms, FileAddress address, Conditions.@Nullable Current there) {
        require(terms.conditions(), address, there);
        if (there != null && terms.onConflict() == OnConflict.FAIL) {
            throw HoldfastException.of(FailureKind.CONFLICT, "conflict", "There is a file " + address + " already.");
        }
    }

    /** Lets any change of what is there pass, or not: PRECONDITION {@code precondition-failed}. */
    static void require(Conditions conditions, FileAddress address, Conditions.@Nullable Current there) {
        conditions.unmet(there).ifPresent(header -> {
            throw HoldfastException.of(
                    FailureKind.PRECONDITION,
                    "precondition-failed",
                    "The condition " + header + " does not hold for " + address + "; it has changed since you looked.");
        });
    }
}
