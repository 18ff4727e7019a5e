package org.holdfast.master.catalog;

import java.time.Duration;

/**
 * How long locks stand.
 *
 * @param transferLease of a put's lock, without being renewed; a node renews it three times as often while bytes flow
 * @param lease of a lock that somebody asks for without saying for how long
 * @param longest that somebody may ask for
 */
public record LockConfig(Duration transferLease, Duration lease, Duration longest) {
    public LockConfig {
        if (transferLease.toSeconds() < 3) {
            throw new IllegalArgumentException("holdfast.lock.transfer-lease must be at least 3 s");
        }
        if (lease.toSeconds() < 1 || longest.compareTo(lease) < 0) {
            throw new IllegalArgumentException(
                    "holdfast.lock.lease must be at least 1 s, holdfast.lock.longest-lease not shorter");
        }
    }
}
