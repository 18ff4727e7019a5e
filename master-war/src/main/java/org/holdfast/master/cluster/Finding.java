package org.holdfast.master.cluster;

import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.NodeReport;

/**
 * What the leader has learnt of one node.
 *
 * @param sign its meaning for the node's status
 * @param why one sentence for people
 * @param report what the node said; empty when it said nothing that is to be believed
 * @param heardBefore when the node was last heard before
 */
record Finding(NodeStatus.Sign sign, String why, Optional<NodeReport> report, Optional<Instant> heardBefore) {
    static final int UNAUTHENTICATED = 401;

    /** What is found without asking the node. */
    static Finding of(NodeStatus.Sign sign, String why) {
        return new Finding(sign, why, Optional.empty(), Optional.empty());
    }

    /** The same, with another sentence for people. */
    Finding because(String sentence) {
        return new Finding(sign, sentence, report, heardBefore);
    }

    /** What an answer to a heartbeat means; empty when it is none, so that it counts as a miss. */
    static Optional<Finding> in(ClusterCall.Answer answer, NodeView node) {
        var heardBefore = node.condition().heard().at();
        if (hasCode(answer, "not-joined") && node.condition().status() != NodeStatus.JOINING) {
            // While it joins, its welcome may just be on the way to it.
            return Optional.of(new Finding(
                    NodeStatus.Sign.WRONG_DISK,
                    "What answers at " + node.url() + " has an empty data directory; give it back the disk "
                            + node.diskUuid() + ".",
                    Optional.empty(),
                    heardBefore));
        }
        return answer.isSuccess()
                ? read(answer)
                        .filter(report -> report.name().equals(node.name()))
                        .map(report -> of(report, node))
                : Optional.empty();
    }

    /** Whether the node has heard of a later leader than the one that asked. */
    static boolean isFromStaleLeader(ClusterCall.Answer answer) {
        return hasCode(answer, "stale-leader");
    }

    /** Whether what answers there does not take this for a master's call, or has joined no cluster. */
    static boolean isAnotherNode(ClusterCall.Answer answer) {
        return answer.status() == UNAUTHENTICATED || hasCode(answer, "not-joined");
    }

    private static boolean hasCode(ClusterCall.Answer answer, String code) {
        return !answer.isSuccess()
                && answer.json()
                        .filter(json -> json.getString("code", "").equals(code))
                        .isPresent();
    }

    private static Optional<NodeReport> read(ClusterCall.Answer answer) {
        try {
            return answer.json().map(NodeReport::fromJson);
        } catch (HoldfastException | NullPointerException | ClassCastException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Finding of(NodeReport report, NodeView node) {
        var heard = node.condition().heard();
        if (!report.diskUuid().equals(node.diskUuid())) {
            return new Finding(
                    NodeStatus.Sign.WRONG_DISK,
                    "What answers at " + node.url() + " has the disk " + report.diskUuid() + " instead of "
                            + node.diskUuid() + ".",
                    Optional.empty(),
                    heard.at());
        }
        if (report.state().diskFault().isPresent()) {
            return new Finding(
                    NodeStatus.Sign.DISK_FAULT, report.state().diskFault().get(), Optional.of(report), heard.at());
        }
        boolean restarted = !heard.bootId().isEmpty()
                && !heard.bootId().equals(report.state().bootId());
        return new Finding(
                restarted ? NodeStatus.Sign.RESTARTED : NodeStatus.Sign.ANSWERED,
                restarted ? "Its process was started anew." : "It answers.",
                Optional.of(report),
                heard.at());
    }
}
