package org.holdfast.master.replication;

import java.time.Duration;

/**
 * How lost copies are made again.
 *
 * @param holdOff how long a node may be away before its copies are made again elsewhere; a restart or a pulled cable
 *     must not set off the copying of a whole disk
 */
public record HealingConfig(Duration holdOff) {
    public HealingConfig {
        if (holdOff.isNegative()) {
            throw new IllegalArgumentException("holdfast.heal.hold-off must not be negative");
        }
    }
}
