package org.holdfast.master.cluster;

import java.time.Duration;

/**
 * When copies are made anew because a node is away.
 *
 * @param holdOff for how long a node that is away is expected back: its copies count until then
 */
public record HealConfig(Duration holdOff) {
    public HealConfig {
        if (holdOff.isNegative()) {
            throw new IllegalArgumentException("holdfast.heal.hold-off can't be negative");
        }
    }
}
