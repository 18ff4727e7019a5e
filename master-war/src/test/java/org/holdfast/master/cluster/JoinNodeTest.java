package org.holdfast.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.NodeReport;
import org.holdfast.master.alarm.Alarm;
import org.holdfast.master.alarm.FindAlarms;
import org.holdfast.master.fixture.AtOnce;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JoinNodeTest {
    private static final String DISK = TestNodes.disk("disk");
    private static final String OTHER_DISK = TestNodes.disk("other");

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private JoinNode joinNode() {
        return master.get(JoinNode.class);
    }

    private void join(JoinRequest request) {
        var unused = joinNode().join(request);
    }

    private static JoinRequest at(String url, String publicUrl) {
        return new JoinRequest(url, publicUrl, "z", "h", TestNodes.report("sn1", DISK, new NodeReport.Room(9, 2, 7)));
    }

    @Test
    void aNewNodeIsKnownAtOnceAndLearnsTheKeys() throws Exception {
        var reply = joinNode().join(at("http://a:1", "http://b:2"));
        assertThat(reply.keys())
                .isEqualTo(master.get(MasterKeys.class).ofNode("sn1", DISK).lines());
        assertThat(reply.masters()).containsExactly("http://127.0.0.1:7400");
        var node = master.get(ClusterView.class).require("sn1");
        assertThat(node.place()).isEqualTo(new NodeView.Place("http://a:1", "http://b:2", "z", "h"));
        assertThat(node.condition().status()).isEqualTo(NodeStatus.JOINING);
        assertThat(node.condition().room()).isEqualTo(new NodeReport.Room(9, 2, 7));
        assertThat(master.rows("SELECT name, status, disk_uuid, applied_seq, last_seen_at FROM storage_node"))
                .containsExactly("sn1 JOINING " + DISK + " 0 -");
    }

    @Test
    void aKnownNodeAnnouncesItsNewAddress() throws Exception {
        join(at("http://a:1", "http://b:2"));
        master.sql("UPDATE storage_node SET admin_state = 'DRAINING'");
        join(at("http://c:3", "https://d:4"));
        assertThat(master.rows("SELECT url, public_url, admin_state FROM storage_node"))
                .containsExactly("http://c:3 https://d:4 DRAINING");
        assertThat(master.get(ClusterView.class).nodes()).hasSize(1);
    }

    @Test
    void aNameAndADiskBelongTogether() throws Exception {
        join(TestNodes.request("sn1", DISK, "z"));
        assertRefused(FailureKind.CONFLICT, "node-name-taken", () -> join(TestNodes.request("sn1", OTHER_DISK, "z")));
        assertRefused(FailureKind.CONFLICT, "disk-known", () -> join(TestNodes.request("sn2", DISK, "z")));
        assertThat(master.count("SELECT COUNT(*) FROM storage_node")).isEqualTo(1);
        join(TestNodes.request("sn2", OTHER_DISK, "z"));
        // Each one's name with the other one's disk: a swap is refused as well.
        assertRefused(FailureKind.CONFLICT, "node-name-taken", () -> join(TestNodes.request("sn2", DISK, "z")));
    }

    /** A node that is there has a key of its own and needs no token; so who comes with nothing but that is somebody else. */
    @Test
    void theTokenAloneTakesNoNameFromANodeThatAnswers() throws Exception {
        var reply = joinNode().joinByToken(at("http://a:1", "http://b:2"));
        assertThat(joinNode().joinByToken(at("http://a:1", "http://b:2"))).isEqualTo(reply);
        for (String status : new String[] {"RUNNING", "VERIFYING", "FAILED"}) {
            master.sql("UPDATE storage_node SET status = ?", status);
            master.get(RefreshView.class).refresh();
            assertRefused(
                    FailureKind.CONFLICT,
                    "node-answers",
                    () -> joinNode().joinByToken(at("http://thief:1", "http://b:2")));
        }
        assertThat(master.rows("SELECT url FROM storage_node")).containsExactly("http://a:1");
        assertThat(master.rows("SELECT kind FROM node_event")).contains("IDENTITY");
        join(at("http://c:3", "http://b:2"));
        master.sql("UPDATE storage_node SET status = 'DOWN'");
        master.get(RefreshView.class).refresh();
        assertThat(joinNode().joinByToken(at("http://a:1", "http://b:2"))).isEqualTo(reply);
    }

    /** What a process with sn1's disk, or a copy of it, sends from this address. */
    private static JoinRequest from(String url, String bootId) {
        var known = TestNodes.report("sn1", TestNodes.disk("sn1"), new NodeReport.Room(9, 2, 7));
        var state = new NodeReport.State(bootId, 0, Optional.empty(), 100);
        return new JoinRequest(
                url,
                url,
                "z",
                "h",
                new NodeReport(known.name(), known.diskUuid(), known.room(), state, known.traffic()));
    }

    private void sees(NodeStatus status) throws Exception {
        master.sql("UPDATE storage_node SET status = ?", status.name());
        master.get(RefreshView.class).refresh();
    }

    private void assertIsAt(String url) throws Exception {
        assertThat(master.rows("SELECT url FROM storage_node")).containsExactly(url);
    }

    @Test
    void aCloneTakesNoNameFromANodeThatAnswers() throws Exception {
        try (var healthy = new FakeNode("sn1")) {
            join(from(healthy.url(), TestNodes.BOOT));
            for (NodeStatus status : List.of(NodeStatus.RUNNING, NodeStatus.VERIFYING, NodeStatus.DOWN)) {
                sees(status);
                assertRefused(FailureKind.CONFLICT, "node-twice", () -> join(from("http://clone:1", "boot-clone")));
            }
            assertIsAt(healthy.url());
            assertThat(master.rows("SELECT detail FROM node_event WHERE kind = 'IDENTITY'"))
                    .singleElement()
                    .asString()
                    .contains("http://clone:1", healthy.url(), "boot-clone");
            var alarms = master.get(FindAlarms.class).find().stream()
                    .filter(alarm -> alarm.kind() == Alarm.Kind.NODE_TWICE)
                    .toList();
            assertThat(alarms).singleElement().satisfies(alarm -> {
                assertThat(alarm.subject()).isEqualTo("sn1");
                assertThat(alarm.sentence()).contains("http://clone:1", healthy.url());
            });
            master.clock().forward(Duration.ofMinutes(61));
            assertThat(master.get(FindAlarms.class).find()).noneMatch(alarm -> alarm.kind() == Alarm.Kind.NODE_TWICE);
        }
    }

    @Test
    void aCloneThatWasRefusedDoesNotSlipInWhileTheNodeIsStartedAnew() throws Exception {
        var healthy = new FakeNode("sn1");
        join(from(healthy.url(), TestNodes.BOOT));
        sees(NodeStatus.RUNNING);
        assertRefused(FailureKind.CONFLICT, "node-twice", () -> join(from("http://clone:1", "boot-clone")));
        healthy.close();
        sees(NodeStatus.DOWN);
        assertRefused(FailureKind.CONFLICT, "node-twice", () -> join(from("http://clone:1", "boot-clone")));
        assertIsAt(healthy.url());
        join(from("http://clone:1", "boot-by-hand"));
        assertIsAt("http://clone:1");
    }

    /** It has to prove what it holds as any process that is new; and nobody may take it for the node without being told. */
    @Test
    void aCloneThatCameWhileTheNodeWasDownKeepsItOutUntilItIsStopped() throws Exception {
        join(from("http://original:1", "boot-0"));
        sees(NodeStatus.DOWN);
        try (var clone = new FakeNode("sn1")) {
            join(from(clone.url(), TestNodes.BOOT));
            assertIsAt(clone.url());
            for (NodeStatus status : List.of(NodeStatus.VERIFYING, NodeStatus.FAILED, NodeStatus.RUNNING)) {
                sees(status);
                assertRefused(
                        FailureKind.CONFLICT, "node-twice", () -> join(from("http://original:1", "boot-original")));
            }
            assertThat(master.get(FindAlarms.class).find())
                    .filteredOn(alarm -> alarm.kind() == Alarm.Kind.NODE_TWICE)
                    .singleElement()
                    .satisfies(alarm ->
                            assertThat(alarm.sentence()).contains("http://original:1", clone.url(), "boot-original"));
        }
        sees(NodeStatus.DOWN);
        join(from("http://original:1", "boot-by-hand"));
        assertIsAt("http://original:1");
    }

    @Test
    void oneProcessMayHaveTwoAddresses() throws Exception {
        try (var healthy = new FakeNode("sn1")) {
            join(from(healthy.url(), "boot-0"));
            sees(NodeStatus.RUNNING);
            join(from("http://name:1", TestNodes.BOOT));
            assertIsAt("http://name:1");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = FakeNode.Mood.class,
            names = {"HAS_OTHER_KEYS", "HAS_ANOTHER_DISK", "HAS_NOT_JOINED"})
    void aNodeMayMoveWhenSomebodyElseIsAtItsOldAddress(FakeNode.Mood mood) throws Exception {
        try (var other = new FakeNode("sn1")) {
            join(from(other.url(), "boot-0"));
            sees(NodeStatus.RUNNING);
            other.is(mood);
            join(from("http://new:1", "boot-2"));
            assertIsAt("http://new:1");
        }
    }

    @Test
    void whereTheOldAddressTellsNothingANodeMayMoveWhenItIsDown() throws Exception {
        try (var unclear = new FakeNode("sn1")) {
            join(from(unclear.url(), "boot-0"));
            sees(NodeStatus.RUNNING);
            unclear.is(FakeNode.Mood.BABBLES);
            assertRefused(FailureKind.CONFLICT, "node-twice", () -> join(from("http://new:1", "boot-2")));
            assertThat(master.rows("SELECT kind FROM node_event"))
                    .as("nothing is wrong yet")
                    .isEmpty();
            sees(NodeStatus.DOWN);
            join(from("http://new:1", "boot-2"));
            assertIsAt("http://new:1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SN1", "-a", "a_b", "a b", "\u00e4"})
    void aNodesNameIsPlain(String name) {
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> join(TestNodes.request(name, DISK, "z")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sn1:7401", "ftp://a", "http://a/", "http:///x", "http://a b", "file:///etc/passwd"})
    void aNodesAddressesAreWebAddresses(String url) {
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> join(at(url, "http://a")));
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> join(at("http://a", url)));
    }

    @Test
    void joiningAtOnceMakesOneNode() throws Exception {
        var unused = AtOnce.run(8, i -> () -> joinNode().join(at("http://a:1", "http://a:1")));
        assertThat(master.count("SELECT COUNT(*) FROM storage_node")).isEqualTo(1);
    }
}
