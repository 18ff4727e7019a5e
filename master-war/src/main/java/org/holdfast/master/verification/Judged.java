package org.holdfast.master.verification;

import java.util.Optional;

/**
 * What was found of a copy.
 *
 * @param copy as the catalog knew it when it was read last
 * @param wrong what is wrong with it; empty when it is right
 * @param wasRead whether its bytes were digested, and not only looked at
 */
record Judged(HeldCopy copy, Optional<Wrong> wrong, boolean wasRead) {
    boolean isRight() {
        return wrong.isEmpty();
    }

    /** Whether nothing that was not known before: it was bad already, and is gone. */
    boolean isOldNews() {
        return wrong.equals(Optional.of(Wrong.MISSING)) && copy.isKnownToBeBad();
    }
}
