package org.holdfast.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.cluster.AdminState.DRAINING;
import static org.holdfast.master.cluster.AdminState.IN_SERVICE;
import static org.holdfast.master.cluster.NodeStatus.DOWN;
import static org.holdfast.master.cluster.NodeStatus.FAILED;
import static org.holdfast.master.cluster.NodeStatus.JOINING;
import static org.holdfast.master.cluster.NodeStatus.RUNNING;
import static org.holdfast.master.cluster.NodeStatus.VERIFYING;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.holdfast.contract.NodeReport;
import org.holdfast.master.cluster.NodeStatus.Sign;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NodeStatusTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration HOLD_OFF = Duration.ofMinutes(10);

    /** One line a sign: what becomes of JOINING, RUNNING, DOWN, VERIFYING, FAILED; a star starts the proof. */
    @ParameterizedTest
    @CsvSource({
        "ANSWERED,    VERIFYING*, RUNNING,    VERIFYING*, VERIFYING,  FAILED",
        "RESTARTED,   VERIFYING*, VERIFYING*, VERIFYING*, VERIFYING*, VERIFYING*",
        "SILENT,      DOWN,       DOWN,       DOWN,       DOWN,       DOWN",
        "DISK_FAULT,  FAILED,     FAILED,     FAILED,     FAILED,     FAILED",
        "WRONG_DISK,  FAILED,     FAILED,     FAILED,     FAILED,     FAILED",
        "PASSED,      JOINING,    RUNNING,    DOWN,       RUNNING,    FAILED",
        "FOUND_WRONG, JOINING,    RUNNING,    DOWN,       FAILED,     FAILED",
        "INTERRUPTED, JOINING,    RUNNING,    DOWN,       VERIFYING*, FAILED",
        "PUT_BACK,    JOINING,    VERIFYING*, DOWN,       VERIFYING*, VERIFYING*",
    })
    void everyEdge(Sign sign, String joining, String running, String down, String verifying, String failed) {
        Map.of(JOINING, joining, RUNNING, running, DOWN, down, VERIFYING, verifying, FAILED, failed)
                .forEach((before, expected) -> assertThat(before.after(sign) + (before.provesAfter(sign) ? "*" : ""))
                        .as(before + " " + sign)
                        .isEqualTo(expected));
    }

    private static NodeView node(AdminState wanted, NodeStatus status, Instant awaySince) {
        return new NodeView(
                1,
                "sn1",
                "d",
                new NodeView.Place("u", "p", "z", "h"),
                NodeView.Terms.DEFAULT,
                new NodeView.Condition(
                        new NodeView.Wanted(wanted, NOON),
                        new NodeView.Seen(
                                status,
                                NOON,
                                Optional.empty(),
                                status == RUNNING || status == JOINING ? Optional.empty() : Optional.of(awaySince),
                                Optional.empty(),
                                false),
                        new NodeReport.Room(1, 1, 1),
                        new NodeView.Heard(Optional.empty(), "", 0)));
    }

    @ParameterizedTest
    @EnumSource(AdminState.class)
    void whatANodeMayDoFollowsFromBothStates(AdminState wanted) {
        for (NodeStatus status : NodeStatus.values()) {
            var node = node(wanted, status, NOON);
            boolean running = status == RUNNING;
            boolean inUse = wanted == IN_SERVICE || wanted == DRAINING;
            String state = wanted + " " + status;
            assertThat(node.canRead()).as(state).isEqualTo(running && inUse);
            assertThat(node.canBeSource()).as(state).isEqualTo(running && inUse);
            assertThat(node.canDelete()).as(state).isEqualTo(running && inUse);
            assertThat(node.canTakeNew()).as(state).isEqualTo(running && wanted == IN_SERVICE);
            assertThat(node.canTakeRepairs()).as(state).isEqualTo((running || status == VERIFYING) && inUse);
            assertThat(node.mustProve()).as(state).isEqualTo(status == VERIFYING && inUse);
            assertThat(node.isPinged()).as(state).isEqualTo(wanted != AdminState.REMOVED);
        }
    }

    /** What holds for good at noon, just before the hold-off has passed, and when it has. */
    @ParameterizedTest
    @CsvSource({
        "IN_SERVICE, RUNNING,   yes yes yes",
        "IN_SERVICE, VERIFYING, yes yes yes",
        "IN_SERVICE, JOINING,   yes yes yes",
        "IN_SERVICE, DOWN,      yes yes no",
        "IN_SERVICE, FAILED,    yes yes no",
        "OFFLINE,    RUNNING,   yes yes no",
        "OFFLINE,    DOWN,      yes yes no",
        "DRAINING,   RUNNING,   no no no",
        "REMOVED,    RUNNING,   no no no",
    })
    void copiesOnANodeThatIsAwayCountForAWhile(AdminState wanted, NodeStatus status, String expected) {
        var node = node(wanted, status, NOON);
        assertThat(String.join(
                        " ",
                        holds(node, NOON),
                        holds(node, NOON.plus(HOLD_OFF).minusMillis(1)),
                        holds(node, NOON.plus(HOLD_OFF))))
                .isEqualTo(expected);
    }

    private static String holds(NodeView node, Instant now) {
        return node.holdsForGood(HOLD_OFF, now) ? "yes" : "no";
    }

    /** Its status has just changed, but it has not been running for long. */
    @Test
    void aNodeThatCrashesAgainAndAgainIsAwayAllTheTime() {
        assertThat(node(IN_SERVICE, DOWN, NOON.minus(HOLD_OFF)).holdsForGood(HOLD_OFF, NOON))
                .isFalse();
        assertThat(node(AdminState.OFFLINE, DOWN, NOON.minus(HOLD_OFF)).holdsForGood(HOLD_OFF, NOON))
                .isFalse();
    }
}
