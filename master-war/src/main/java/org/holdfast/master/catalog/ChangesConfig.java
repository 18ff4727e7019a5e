package org.holdfast.master.catalog;

import java.time.Duration;

/**
 * How much of the change log is kept; what either asks for stays. A node that was away for longer must be compared as a
 * whole when it returns.
 *
 * @param keepEntries that many of the last ones
 * @param keep those that are younger
 */
public record ChangesConfig(int keepEntries, Duration keep) {
    public ChangesConfig {
        if (keepEntries < 1 || keep.isNegative()) {
            throw new IllegalArgumentException(
                    "holdfast.changes.keep-entries must be at least 1, holdfast.changes.keep not negative");
        }
    }
}
