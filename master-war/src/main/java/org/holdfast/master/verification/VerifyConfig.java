package org.holdfast.master.verification;

import java.time.Duration;
import org.holdfast.master.cluster.NodeView;

/**
 * How a node that returns proves what it holds.
 *
 * @param mode which copies are read
 * @param heal what is done about bad ones, where nothing is set for the node itself
 * @param margin for {@link Mode#SINCE_LAST_SEEN}: by how much earlier than the node's last sign of life to begin
 * @param healPatience how long bad copies may take to be restored, from one restored copy to the next
 * @param keep how long the records of checks are kept after their end
 */
public record VerifyConfig(Mode mode, NodeView.Heal heal, Duration margin, Duration healPatience, Duration keep) {
    public VerifyConfig {
        if (margin.isNegative() || healPatience.isNegative() || keep.isNegative()) {
            throw new IllegalArgumentException("holdfast.verify.margin, heal-patience and keep can't be negative");
        }
        if (mode == Mode.CHANGES) {
            throw new IllegalArgumentException("holdfast.verify.mode is full, since-last-seen or sample");
        }
    }
}
