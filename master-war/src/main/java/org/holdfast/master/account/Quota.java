package org.holdfast.master.account;

import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/**
 * How much may be kept; empty: without limit.
 *
 * @param bytes of the current versions, each file once, however many copies there are
 * @param files number of files
 */
public record Quota(Optional<Long> bytes, Optional<Long> files) {
    public static final Quota UNLIMITED = new Quota(Optional.empty(), Optional.empty());

    public Quota {
        if (bytes.filter(most -> most < 0).isPresent()
                || files.filter(most -> most < 0).isPresent()) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", "A quota can't be negative.");
        }
    }
}
