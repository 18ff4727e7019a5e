package org.holdfast.master.verification;

import java.time.Duration;

/**
 * How copies are read again while their nodes are used.
 *
 * @param every each copy at least that often; zero: the continuous scrub is off
 * @param bytesPerSecond most that is read for it on each node
 */
public record ScrubConfig(Duration every, long bytesPerSecond) {
    /** A copy is due when three quarters of the time have passed; the rest is for the line that it may stand in. */
    private static final double DUE_AT = 0.75;

    public ScrubConfig {
        if (every.isNegative() || bytesPerSecond < 1) {
            throw new IllegalArgumentException(
                    "holdfast.scrub.every can't be negative, holdfast.scrub.bytes-per-second must be at least 1");
        }
    }

    boolean isOn() {
        return !every.isZero();
    }

    /** The age at which a copy is read again. */
    Duration dueAfter() {
        return Duration.ofNanos((long) (every.toNanos() * DUE_AT));
    }
}
