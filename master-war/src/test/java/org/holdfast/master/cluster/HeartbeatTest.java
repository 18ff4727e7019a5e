package org.holdfast.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.MemberKeys;
import org.holdfast.contract.NodeReport;
import org.holdfast.contract.Ping;
import org.holdfast.contract.SignedCall;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.ThrowingSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HeartbeatTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @SuppressWarnings("NullAway.Init")
    private FakeNode node;

    @BeforeEach
    void aNodeThatHasJoined() throws Exception {
        node = new FakeNode("sn1");
        join(node.url());
        assertThat(master.get(Leadership.class).seek()).isTrue();
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void join(String url) {
        var report = TestNodes.report("sn1", TestNodes.disk("sn1"), new NodeReport.Room(1, 1, 1));
        var unused = master.get(JoinNode.class).join(new JoinRequest(url, url, "z", "h", report));
    }

    private MemberKeys keys() {
        return master.get(MasterKeys.class).ofNode("sn1", TestNodes.disk("sn1"));
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

    /** Beats as a leader does, who keeps its lease meanwhile. */
    private void beatUntil(NodeStatus wanted) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            assertThat(master.get(Leadership.class).seek()).isTrue();
            master.get(Heartbeat.class).beat();
            return status() == wanted;
        });
    }

    private void runs() {
        beatUntil(NodeStatus.RUNNING);
        beat();
    }

    private void await(ThrowingSupplier<List<String>> rows, String... expected) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(rows.get()).containsExactly(expected));
    }

    private List<String> events() throws SQLException {
        return master.rows("SELECT was, becomes, detail FROM node_event WHERE kind = 'STATUS' ORDER BY id");
    }

    @Test
    void anAnswerLetsANodeProveItselfAndTellsItsRoom() throws Exception {
        assertThat(status()).isEqualTo(NodeStatus.JOINING);
        runs();
        assertThat(seen().condition().room()).isEqualTo(new NodeReport.Room(1_000, 300, 700));
        assertThat(seen().condition().heard()).isEqualTo(new NodeView.Heard(Optional.of(NOW), TestNodes.BOOT, 5));
        await(
                () -> master.rows("SELECT status, status_reason, away_since, used_bytes, free_bytes, applied_seq,"
                        + " boot_id, last_seen_at FROM storage_node"),
                "RUNNING - - 300 700 5 boot-1 2026-03-01 12:00:00.000000");
        assertThat(events())
                .containsExactly("JOINING VERIFYING It answers.", "VERIFYING RUNNING It has proved what it holds.");
        byte[] body = node.ping().getBytes(StandardCharsets.UTF_8);
        assertThatCode(() -> new SignedCall("sn1", keys().callsOfMasters(), master.clock())
                        .verify(node.authorization(), "POST", "/internal/v1/ping", body))
                .doesNotThrowAnyException();
    }

    @Test
    void aHeartbeatTellsTheNodeOfItsCluster() throws Exception {
        runs();
        master.sql("UPDATE storage_node SET bandwidth_bytes = 9000");
        master.sql("INSERT INTO change_log (seq, kind, path, account_id, changed_at)"
                + " SELECT 42, 'PUT', 'a/b', id, created_at FROM account");
        master.get(RefreshView.class).refresh();
        beat();
        var ping = Ping.fromJson(JsonText.reader(node.ping()).readObject());
        assertThat(ping.leader())
                .isEqualTo(new Ping.Leader("m1", master.get(Leadership.class).token()));
        assertThat(ping.headSeq()).isEqualTo(42);
        assertThat(ping.now()).isEqualTo(NOW);
        assertThat(ping.cluster().masters()).containsExactly("http://127.0.0.1:7400");
        assertThat(ping.cluster().keyIds()).containsExactly("k1");
        assertThat(ping.cluster().peers()).containsExactly(new Ping.Peer("sn1", node.url(), "running", true));
        assertThat(ping.bandwidthBytesPerSecond()).contains(9_000L);
    }

    @ParameterizedTest
    @EnumSource(
            value = FakeNode.Mood.class,
            names = {"FAILS", "BABBLES"})
    void threeMissesInARowAreDown(FakeNode.Mood mood) throws Exception {
        runs();
        int before = node.asked();
        node.is(mood);
        beatUntil(NodeStatus.DOWN);
        // One that was under way may still have been answered, and another one may have begun meanwhile.
        assertThat(node.asked() - before).isBetween(TestWiring.MISSES, TestWiring.MISSES + 3);
        await(
                () -> master.rows("SELECT status, status_reason, away_since FROM storage_node"),
                "DOWN It missed 3 heartbeats in a row. 2026-03-01 12:00:00.000000");
        assertThat(seen().canRead()).isFalse();
        node.is(FakeNode.Mood.FINE);
        beatUntil(NodeStatus.RUNNING);
        await(() -> master.rows("SELECT status_reason, away_since FROM storage_node"), "- -");
    }

    /** Silence is weighed by its length, and a node that was merely slow is borne with for longer. */
    @Test
    void aNodeThatSaysNothingIsDownInTheEndAndThenMayTakeLonger() throws Exception {
        master.heartbeatTimeout(Duration.ofMillis(500));
        master.heartbeatSilence(Duration.ofMillis(500));
        runs();
        node.is(FakeNode.Mood.HANGS);
        beatUntil(NodeStatus.DOWN);
        assertThat(seen().condition().seen().reason()).hasValue("It has not answered for 500 ms.");
        node.is(FakeNode.Mood.FINE);
        beatUntil(NodeStatus.RUNNING);
        assertThat(events())
                .endsWith(
                        "RUNNING DOWN It has not answered for 500 ms.",
                        "DOWN VERIFYING It answers, and is the process that it was; for 10 minutes it may be silent"
                                + " for 1 s.",
                        "VERIFYING RUNNING It has proved what it holds.");
    }

    @Test
    void aNodeThatAnswersLateRunsAndIsAskedLast() throws Exception {
        master.heartbeatTimeout(Duration.ofMillis(100));
        runs();
        node.is(FakeNode.Mood.HANGS);
        beat();
        beat(Duration.ofMillis(299));
        assertThat(seen().isPrompt()).isTrue();
        beat(Duration.ofMillis(1));
        Awaitility.await().atMost(PATIENCE).until(() -> !seen().isPrompt());
        assertThat(status()).isEqualTo(NodeStatus.RUNNING);
        assertThat(seen().canRead() && seen().canTakeNew()).isTrue();
        assertThat(seen().condition().seen().reason()).hasValue("It answers late; others are asked first.");
        node.is(FakeNode.Mood.FINE);
        isHeard();
        isHeard();
        assertThat(seen().isPrompt()).as("it may be late again at once").isFalse();
        // Again, as an answer that was under way took ten seconds by that clock.
        Awaitility.await().atMost(PATIENCE).until(() -> {
            master.clock().forward(Pulse.PROMPT_FOR);
            isHeard();
            return seen().isPrompt();
        });
        assertThat(master.rows("SELECT detail FROM node_event WHERE kind = 'LATE' ORDER BY id"))
                .containsExactly("It answers late; others are asked first.", "It answers in time again.");
        assertThat(events()).as("its state is one all the time").hasSize(2);
    }

    /** Beats until the node has answered at this moment of the clock. */
    private void isHeard() {
        master.clock().forward(Duration.ofMillis(1));
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            boolean isHeard = seen().condition()
                    .heard()
                    .at()
                    .equals(Optional.of(master.clock().instant()));
            if (!isHeard) {
                assertThat(master.get(Leadership.class).seek()).isTrue();
                master.get(Heartbeat.class).beat();
            }
            return isHeard;
        });
    }

    private void beat(Duration later) {
        master.clock().forward(later);
        master.get(Heartbeat.class).beat();
    }

    @Test
    void whatAProcessHasProvedCountsUntilItFailsOrAnotherOneRuns() throws Exception {
        runs();
        assertThat(seen().condition().seen().isProved()).isTrue();
        node.is(FakeNode.Mood.FAILS);
        beatUntil(NodeStatus.DOWN);
        assertThat(seen().condition().seen().isProved())
                .as("it may just be slow")
                .isTrue();
        node.is(FakeNode.Mood.HAS_A_BAD_DISK);
        beatUntil(NodeStatus.FAILED);
        assertThat(seen().condition().seen().isProved()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "HAS_A_BAD_DISK,   The disk smokes.",
        "HAS_ANOTHER_DISK, What answers at URL has the disk OTHER instead of OWN.",
        "HAS_NOT_JOINED,   What answers at URL has an empty data directory; give it back the disk OWN."
    })
    void aNodeThatAnswersAndIsNotFitHasFailed(FakeNode.Mood mood, String reason) throws Exception {
        runs();
        node.is(mood);
        beatUntil(NodeStatus.FAILED);
        node.is(FakeNode.Mood.FINE);
        beat();
        beat();
        assertThat(status()).as("until a person has looked at it").isEqualTo(NodeStatus.FAILED);
        assertThat(seen().condition().seen().reason())
                .contains(reason.replace("URL", node.url())
                        .replace("OTHER", TestNodes.disk("another"))
                        .replace("OWN", TestNodes.disk("sn1")));
    }

    @Test
    void anotherProcessThanBeforeProvesItselfEvenWhenNoMissWasSeen() throws Exception {
        runs();
        node.restarts();
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
            master.get(Heartbeat.class).beat();
            return events().size() == 4;
        });
        assertThat(events())
                .endsWith(
                        "RUNNING VERIFYING Its process was started anew.",
                        "VERIFYING RUNNING It has proved what it holds.");
        beat();
        beat();
        assertThat(events()).as("once").hasSize(4);
    }

    /** As a process that was started with another disk: it has other keys, so that it takes no master for one. */
    @Test
    void whatAnswersAndIsNotTheNodeIsToldFromSilence() throws Exception {
        runs();
        node.is(FakeNode.Mood.FAILS);
        beatUntil(NodeStatus.DOWN);
        assertThat(seen().condition().seen().reason()).hasValue("It missed 3 heartbeats in a row.");
        Instant since = seen().condition().seen().since();
        node.is(FakeNode.Mood.HAS_OTHER_KEYS);
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).untilAsserted(() -> {
            master.get(Heartbeat.class).beat();
            assertThat(seen().condition().seen().reason().orElse("")).contains("another disk");
        });
        assertThat(status()).isEqualTo(NodeStatus.DOWN);
        assertThat(seen().condition().seen().since()).isEqualTo(since);
    }

    @Test
    void onlyTheLeaderAsks() throws Exception {
        runs();
        int asked = node.asked();
        master.sql("UPDATE lease SET holder = 'm2/x', token = token + 1, expires_at = '2100-01-01'");
        assertThat(master.get(Leadership.class).seek()).isFalse();
        master.get(Heartbeat.class).beat();
        // Whoever asked would have connected before this returns.
        assertThat(node.asked()).isEqualTo(asked);
    }

    @Test
    void whoLeadsNoMoreWritesNothingEvenIfItDoesNotKnowIt() throws Exception {
        runs();
        master.sql("UPDATE lease SET holder = 'm2/x', token = token + 1, expires_at = '2100-01-01'");
        node.is(FakeNode.Mood.HAS_A_BAD_DISK);
        beat();
        beat();
        beat();
        assertThat(master.rows("SELECT status FROM storage_node")).containsExactly("RUNNING");
        assertThat(status()).isEqualTo(NodeStatus.RUNNING);
    }

    @Test
    void aNodeThatKnowsALaterLeaderIsNotDown() throws Exception {
        runs();
        node.is(FakeNode.Mood.KNOWS_A_LATER_LEADER);
        for (int i = 0; i < 2 * TestWiring.MISSES; i++) {
            beat();
        }
        assertThat(status()).isEqualTo(NodeStatus.RUNNING);
    }

    @Test
    void aNewLeaderLetsANodeProveItselfAgain() throws Exception {
        master.sql("UPDATE storage_node SET status = 'VERIFYING', boot_id = '" + TestNodes.BOOT + "'");
        beatUntil(NodeStatus.RUNNING);
        assertThat(events()).containsExactly("VERIFYING RUNNING It has proved what it holds.");
    }

    @Test
    void aNodeThatFallsSilentDuringItsProofGivesItAgainWhenItAnswers() throws Exception {
        runs();
        node.is(FakeNode.Mood.FAILS);
        beat();
        master.sql("UPDATE storage_node SET status = 'VERIFYING'");
        beatUntil(NodeStatus.DOWN);
        node.is(FakeNode.Mood.FINE);
        beatUntil(NodeStatus.RUNNING);
        assertThat(events())
                .endsWith(
                        "VERIFYING DOWN It missed 3 heartbeats in a row.",
                        "DOWN VERIFYING It answers, and is the process that it was; for 10 minutes it may be silent"
                                + " for 60 s.",
                        "VERIFYING RUNNING It has proved what it holds.");
    }

    @Test
    void aMissNowAndThenIsForgiven() {
        runs();
        node.is(FakeNode.Mood.STUMBLES);
        for (int i = 0; i < 3 * TestWiring.MISSES; i++) {
            beat();
            assertThat(status()).isEqualTo(NodeStatus.RUNNING);
        }
    }

    @Test
    void aKilledNodeIsDown() {
        runs();
        node.close();
        beatUntil(NodeStatus.DOWN);
    }

    @Test
    void anotherDiskIsNotBelieved() {
        node.is(FakeNode.Mood.HAS_ANOTHER_DISK);
        beatUntil(NodeStatus.FAILED);
        assertThat(seen().condition().freeBytes()).isEqualTo(1);
    }

    @Test
    void aNodeThatIsJustBeingWelcomedMayNotKnowItYet() {
        node.is(FakeNode.Mood.HAS_NOT_JOINED);
        beat();
        beat();
        assertThat(status()).isEqualTo(NodeStatus.JOINING);
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
    void whatAnotherMasterWroteIsSeenAndToldToTheRooms() throws Exception {
        master.sql("INSERT INTO storage_node (id, name, url, public_url, zone, host, disk_uuid, boot_id, admin_state,"
                + " admin_since, status, status_since, capacity_bytes, used_bytes, free_bytes, applied_seq, joined_at)"
                + " SELECT id + 1000, 'sn9', 'http://127.0.0.1:9', public_url, zone, host, 'disk9', '', admin_state,"
                + " admin_since, 'DOWN', status_since, 1, 1, 1, 0, joined_at FROM storage_node");
        master.get(RefreshView.class).refresh();
        assertThat(master.get(ClusterView.class).require("sn9").condition().status())
                .isEqualTo(NodeStatus.DOWN);
        master.sql("INSERT INTO task (id, kind, state, urgency, blob_id, target_node_id, path, attempt, first_attempt,"
                + " not_before, created_at, changed_at) SELECT 'T', 'REPLICATE', 'WAITING', 1, 'B', id, 'a/b', 2, 1,"
                + " '2026-03-02', '2026-03-01', '2026-03-01' FROM storage_node WHERE name = 'sn9'");
        master.sql("UPDATE storage_node SET status = 'RUNNING' WHERE name = 'sn9'");
        master.get(RefreshView.class).refresh();
        assertThat(master.rows("SELECT state FROM task")).containsExactly("QUEUED");
        master.sql("UPDATE storage_node SET admin_state = 'REMOVED' WHERE name = 'sn9'");
        master.get(RefreshView.class).refresh();
        assertThat(master.get(ClusterView.class).byName("sn9")).isEmpty();
    }
}
