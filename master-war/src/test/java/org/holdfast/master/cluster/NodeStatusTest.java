package org.holdfast.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.cluster.NodeStatus.DOWN;
import static org.holdfast.master.cluster.NodeStatus.FAILED;
import static org.holdfast.master.cluster.NodeStatus.RUNNING;
import static org.holdfast.master.cluster.NodeStatus.VERIFYING;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NodeStatusTest {
    private static final int ALLOWED = 3;

    @ParameterizedTest
    @EnumSource(NodeStatus.class)
    void anAnswer(NodeStatus before) {
        NodeStatus expected = switch (before) {
            case JOINING, RUNNING, DOWN -> RUNNING;
            // Answering is no proof of what it holds.
            case VERIFYING -> VERIFYING;
            case FAILED -> FAILED;
        };
        assertThat(before.afterHeartbeat(true, 0, ALLOWED)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(NodeStatus.class)
    void missesBelowTheLimitChangeNothing(NodeStatus before) {
        assertThat(before.afterHeartbeat(false, 1, ALLOWED)).isEqualTo(before);
        assertThat(before.afterHeartbeat(false, ALLOWED - 1, ALLOWED)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(NodeStatus.class)
    void tooManyMissesInARowAreDown(NodeStatus before) {
        assertThat(before.afterHeartbeat(false, ALLOWED, ALLOWED)).isEqualTo(DOWN);
        assertThat(before.afterHeartbeat(false, 100 * ALLOWED, ALLOWED)).isEqualTo(DOWN);
        assertThat(before.afterHeartbeat(false, 1, 1)).isEqualTo(DOWN);
    }

    @ParameterizedTest
    @EnumSource(AdminState.class)
    void whatANodeMayDoFollowsFromBothStates(AdminState wanted) {
        for (NodeStatus status : NodeStatus.values()) {
            var node = new NodeView(1, "sn1", "u", "p", "z", "d", new NodeView.Condition(wanted, status, 1, 1, 1));
            boolean running = status == RUNNING;
            boolean inUse = wanted == AdminState.IN_SERVICE || wanted == AdminState.DRAINING;
            String state = wanted + " " + status;
            assertThat(node.canRead()).as(state).isEqualTo(running && inUse);
            assertThat(node.canBeSource()).as(state).isEqualTo(running && inUse);
            assertThat(node.canTakeNew()).as(state).isEqualTo(running && wanted == AdminState.IN_SERVICE);
            assertThat(node.canDelete()).as(state).isEqualTo(running);
            assertThat(node.isPinged()).as(state).isEqualTo(wanted != AdminState.REMOVED);
        }
    }
}
