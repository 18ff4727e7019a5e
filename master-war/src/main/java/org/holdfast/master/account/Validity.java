package org.holdfast.master.account;

import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/**
 * From when to when an account may be used.
 *
 * @param from the first instant; empty: always
 * @param until the first instant at which no longer; empty: for ever
 */
public record Validity(Optional<Instant> from, Optional<Instant> until) {
    public static final Validity UNLIMITED = new Validity(Optional.empty(), Optional.empty());

    public Validity {
        if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "validFrom must be earlier than validUntil.");
        }
    }

    public boolean holds(Instant now) {
        return hasBegun(now) && until.map(now::isBefore).orElse(true);
    }

    boolean hasBegun(Instant now) {
        return from.map(begin -> !now.isBefore(begin)).orElse(true);
    }

    /** The earlier of an instant and the end. */
    Instant cut(Instant end) {
        return until.filter(end::isAfter).orElse(end);
    }
}
