package org.holdfast.master.catalog;

import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.jspecify.annotations.Nullable;

/** The conditions of a put against what is there now: RFC 9110, section 13, and {@code on-conflict=fail}. Pure. */
final class PutConditions {
    private PutConditions() {}

    /**
     * Lets the put pass or not.
     *
     * @param etag quoted entity tag of the current version; null when there is none
     */
    static void require(PutTerms terms, FileAddress address, @Nullable String etag) {
        if (terms.ifMatch().isPresent() && !matches(terms.ifMatch().get(), etag)) {
            throw failed(address, "If-Match");
        }
        if (terms.ifNoneMatch().isPresent() && matches(terms.ifNoneMatch().get(), etag)) {
            throw failed(address, "If-None-Match");
        }
        if (etag != null && terms.onConflict() == OnConflict.FAIL) {
            throw HoldfastException.of(FailureKind.CONFLICT, "conflict", "There is a file " + address + " already.");
        }
    }

    /** Whether a condition's list of entity tags, or {@code *}, names the current one. */
    static boolean matches(String condition, @Nullable String etag) {
        if (etag == null) {
            return false;
        }
        if (condition.strip().equals("*")) {
            return true;
        }
        for (String tag : condition.split(",", -1)) {
            if (tag.strip().equals(etag)) {
                return true;
            }
        }
        return false;
    }

    private static HoldfastException failed(FileAddress address, String header) {
        return HoldfastException.of(
                FailureKind.PRECONDITION,
                "precondition-failed",
                "The condition " + header + " does not hold for " + address + "; it has changed since you looked.");
    }
}
