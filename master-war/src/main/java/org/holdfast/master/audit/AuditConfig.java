package org.holdfast.master.audit;

import java.time.Duration;
import org.holdfast.contract.RefusedStrangers;

/**
 * How the audit log is kept.
 *
 * @param keep how long records stay; {@code holdfast.audit.keep}
 * @param patience how long an answer waits for its record before it goes out all the same
 * @param mostWaiting records that wait to be stored; while there are so many, requests are refused
 * @param refused how many refused requests of strangers are recorded; {@code holdfast.audit.refused}
 */
public record AuditConfig(Duration keep, Duration patience, int mostWaiting, RefusedStrangers.Bounds refused) {
    /** A commit takes milliseconds; who waits for five seconds waits for a database that is away. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Some 10 MB. */
    private static final int MOST_WAITING = 10_000;

    public AuditConfig {
        if (keep.isNegative() || keep.isZero()) {
            throw new IllegalArgumentException("holdfast.audit.keep must be positive");
        }
    }

    /** As operators may set it. */
    public static AuditConfig keeping(Duration keep, RefusedStrangers.Bounds refused) {
        return new AuditConfig(keep, PATIENCE, MOST_WAITING, refused);
    }
}
