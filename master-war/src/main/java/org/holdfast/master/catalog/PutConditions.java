package org.holdfast.master.catalog;

import java.util.Optional;
import org.holdfast.contract.EntityTags;
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
        requireMatch(terms.ifMatch(), address, etag);
        if (terms.ifNoneMatch().isPresent()
                && etag != null
                && EntityTags.ifNoneMatchNames(terms.ifNoneMatch().get(), etag)) {
            throw failed(address, "If-None-Match");
        }
        if (etag != null && terms.onConflict() == OnConflict.FAIL) {
            throw HoldfastException.of(FailureKind.CONFLICT, "conflict", "There is a file " + address + " already.");
        }
    }

    /** Lets a change of what is there pass only when {@code If-Match}, where it was told, names it. */
    static void requireMatch(Optional<String> ifMatch, FileAddress address, @Nullable String etag) {
        if (ifMatch.isPresent() && (etag == null || !EntityTags.ifMatchNames(ifMatch.get(), etag))) {
            throw failed(address, "If-Match");
        }
    }

    private static HoldfastException failed(FileAddress address, String header) {
        return HoldfastException.of(
                FailureKind.PRECONDITION,
                "precondition-failed",
                "The condition " + header + " does not hold for " + address + "; it has changed since you looked.");
    }
}
