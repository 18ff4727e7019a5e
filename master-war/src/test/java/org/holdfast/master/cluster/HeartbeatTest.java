package org.holdfast.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.NodeReport;
import org.holdfast.contract.SignedCall;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HeartbeatTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @SuppressWarnings("NullAway.Init")
    private FakeNode node;

    @BeforeEach
    void aNodeThatHasJoined() throws Exception {
        node = new FakeNode("sn1");
        join(node.url());
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void join(String url) {
        var report = new NodeReport("sn1", TestNodes.disk("sn1"), 1, 1, 1);
        var unused = master.get(JoinNode.class).join(new JoinRequest(url, url, "z", report));
    }

    private NodeView seen() {
        return master.get(ClusterView.class).require("sn1");
    }

    private NodeStatus status() {
        return seen().condition().status();
    }

    /** Beats until the node is asked once more: what came of all heartbeats before is known then. */
    private void beat() {
        int before = node.asked();
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            master.get(Heartbeat.class).beat();
            return node.asked() > before;
        });
    }

    private void beatUntil(NodeStatus wanted) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            master.get(Heartbeat.class).beat();
            return status() == wanted;
        });
    }

    private void runs() {
        beatUntil(NodeStatus.RUNNING);
        beat();
    }

    @Test
    void anAnswerMakesANodeRunAndTellsItsRoom() throws Exception {
        assertThat(status()).isEqualTo(NodeStatus.JOINING);
        beatUntil(NodeStatus.RUNNING);
        assertThat(seen().condition())
                .isEqualTo(new NodeView.Condition(AdminState.IN_SERVICE, NodeStatus.RUNNING, 1_000, 300, 700));
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                master.rows("SELECT status, used_bytes, free_bytes, last_seen_at FROM storage_node"))
                        .containsExactly("RUNNING 300 700 2026-03-01 12:00:00.000000"));
        assertThatCode(() -> master.get(SignedCall.class)
                        .verify(node.authorization(), "GET", "/internal/v1/ping", new byte[0]))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource(value = FakeNode.Mood.class, names = "FINE", mode = EnumSource.Mode.EXCLUDE)
    void threeMissesInARowAreDown(FakeNode.Mood mood) throws Exception {
        runs();
        node.is(mood);
        // The one under way may still have been answered; each later one is a miss.
        beat();
        for (int misses = 0; misses < TestWiring.MISSES; misses++) {
            assertThat(status()).as("after %d misses", misses).isEqualTo(NodeStatus.RUNNING);
            beat();
        }
        Awaitility.await().atMost(PATIENCE).until(() -> status() == NodeStatus.DOWN);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> master.rows("SELECT status FROM storage_node").contains("DOWN"));
        assertThat(seen().canRead()).isFalse();
        node.is(FakeNode.Mood.FINE);
        beatUntil(NodeStatus.RUNNING);
    }

    @Test
    void aMissNowAndThenIsForgiven() {
        runs();
        for (int round = 0; round < 3; round++) {
            for (var mood : List.of(FakeNode.Mood.FAILS, FakeNode.Mood.FINE)) {
                node.is(mood);
                for (int i = 0; i < TestWiring.MISSES - 1; i++) {
                    beat();
                    assertThat(status()).isEqualTo(NodeStatus.RUNNING);
                }
            }
        }
    }

    @Test
    void aKilledNodeIsDown() {
        runs();
        node.close();
        beatUntil(NodeStatus.DOWN);
    }

    @Test
    void anotherDiskAtTheSameAddressNeverRuns() {
        node.is(FakeNode.Mood.HAS_ANOTHER_DISK);
        for (int i = 0; i < 6; i++) {
            beat();
            assertThat(status()).isNotEqualTo(NodeStatus.RUNNING);
        }
        assertThat(seen().condition().freeBytes()).as("nor is it believed").isEqualTo(1);
    }

    @Test
    void whatWaitedForTheNodeIsDueWhenItIsBack() throws Exception {
        runs();
        node.is(FakeNode.Mood.FAILS);
        beatUntil(NodeStatus.DOWN);
        master.sql("INSERT INTO task (id, kind, state, urgency, blob_id, target_node_id, path, attempt, first_attempt,"
                + " not_before, created_at, changed_at) SELECT 'T', 'REPLICATE', 'WAITING', 1, 'B', id, 'a/b', 2, 1,"
                + " '2026-03-02', '2026-03-01', '2026-03-01' FROM storage_node");
        node.is(FakeNode.Mood.FINE);
        beatUntil(NodeStatus.RUNNING);
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(master.rows("SELECT state, not_before FROM task"))
                        .containsExactly("QUEUED 2026-03-01 12:00:00.000000"));
    }

    @Test
    void aNodeThatAnotherMasterKnowsIsFoundAndARemovedOneForgotten() throws Exception {
        runs();
        master.sql("INSERT INTO storage_node SELECT id + 1000, 'sn9', 'http://127.0.0.1:9', public_url, zone,"
                + " 'disk9', admin_state, 'DOWN', 1, 1, 1, 0, joined_at, NULL FROM storage_node");
        master.sql("UPDATE storage_node SET admin_state = 'OFFLINE' WHERE name = 'sn1'");
        master.clock().forward(Duration.ofSeconds(3));
        beat();
        assertThat(master.get(ClusterView.class).require("sn9").condition().status())
                .isEqualTo(NodeStatus.DOWN);
        assertThat(seen().condition().adminState()).isEqualTo(AdminState.OFFLINE);
        assertThat(status()).as("what this master sees itself").isEqualTo(NodeStatus.RUNNING);
        master.sql("UPDATE storage_node SET admin_state = 'REMOVED' WHERE name = 'sn9'");
        master.clock().forward(Duration.ofSeconds(3));
        beat();
        assertThat(master.get(ClusterView.class).byName("sn9")).isEmpty();
    }
}
