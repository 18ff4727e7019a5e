package org.holdfast.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeNodeTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    @SuppressWarnings("NullAway.Init")
    private TestNodes nodes;

    @BeforeEach
    void aLeaderWithANode() {
        assertThat(master.get(Leadership.class).seek()).isTrue();
        nodes = TestNodes.running(master, "sn1");
    }

    private void want(AdminState state, boolean force) {
        master.get(ChangeNode.class)
                .change("sn1", new ChangeNode.Wish(Optional.of(state), force, Optional.empty()), accountId());
    }

    private long accountId() {
        return master.admin().accountId();
    }

    private NodeView seen() {
        return master.get(ClusterView.class).require("sn1");
    }

    private void holdsACopy() throws Exception {
        master.sql("INSERT INTO blob_ (id, size, md5, sha256, created_at) VALUES ('B', 1, '', '', '2026-01-01')");
        master.sql("INSERT INTO replica (blob_id, node_id, priority, state, changed_at)"
                + " SELECT 'B', id, 0, 'VERIFIED', '2026-01-01' FROM storage_node");
    }

    /** Where the second may follow from the first. */
    @ParameterizedTest
    @CsvSource({
        "IN_SERVICE, DRAINING OFFLINE",
        "DRAINING,   IN_SERVICE OFFLINE",
        "OFFLINE,    IN_SERVICE DRAINING REMOVED",
    })
    void everyEdge(AdminState from, String to) throws Exception {
        for (AdminState next : AdminState.values()) {
            nodes.turn("sn1", from);
            if (next == from || to.contains(next.name())) {
                assertThatCode(() -> want(next, false)).doesNotThrowAnyException();
                assertThat(master.rows("SELECT admin_state FROM storage_node")).containsExactly(next.name());
            } else {
                assertRefused(FailureKind.CONFLICT, "node-state", () -> want(next, true));
            }
            master.sql("UPDATE storage_node SET admin_state = ?", from.name());
            master.get(RefreshView.class).refresh();
        }
    }

    @Test
    void whoWantedWhatIsWrittenDownOnce() throws Exception {
        want(AdminState.DRAINING, false);
        want(AdminState.DRAINING, false);
        assertThat(master.rows("SELECT kind, was, becomes, account_id FROM node_event WHERE kind = 'ADMIN'"))
                .containsExactly("ADMIN IN_SERVICE DRAINING " + accountId());
        assertThat(seen().canTakeNew()).isFalse();
        assertThat(seen().canRead()).isTrue();
    }

    @Test
    void aNodeThatIsPutBackProvesItselfFirst() throws Exception {
        want(AdminState.OFFLINE, false);
        assertThat(seen().canRead()).isFalse();
        want(AdminState.IN_SERVICE, false);
        assertThat(seen().condition().status()).isEqualTo(NodeStatus.RUNNING);
        assertThat(master.rows("SELECT was, becomes, detail FROM node_event WHERE kind = 'STATUS' ORDER BY id"))
                .containsExactly(
                        "RUNNING VERIFYING A person put it back.", "VERIFYING RUNNING It has proved what it holds.");
    }

    @Test
    void aNodeThatHasFailedIsPutBackByAskingForItAgain() throws Exception {
        nodes.turn("sn1", NodeStatus.FAILED);
        want(AdminState.IN_SERVICE, false);
        assertThat(seen().condition().status()).isEqualTo(NodeStatus.RUNNING);
        nodes.turn("sn1", NodeStatus.DOWN);
        want(AdminState.IN_SERVICE, false);
        assertThat(seen().condition().status()).as("it does not answer").isEqualTo(NodeStatus.DOWN);
    }

    @Test
    void anOfflineNodeNeedNotProveItself() throws Exception {
        want(AdminState.OFFLINE, false);
        nodes.turn("sn1", NodeStatus.DOWN);
        master.get(NodeLife.class).notice(nodes.id("sn1"), Finding.of(NodeStatus.Sign.ANSWERED, "It answers."));
        assertThat(seen().condition().status()).isEqualTo(NodeStatus.VERIFYING);
        want(AdminState.IN_SERVICE, false);
        assertThat(seen().condition().status()).isEqualTo(NodeStatus.RUNNING);
    }

    @Test
    void aFollowerLeavesTheProofToTheLeader() throws Exception {
        want(AdminState.OFFLINE, false);
        master.sql("UPDATE lease SET holder = 'm2/x', token = token + 1, expires_at = '2100-01-01'");
        assertThat(master.get(Leadership.class).seek()).isFalse();
        want(AdminState.IN_SERVICE, false);
        assertThat(seen().condition().status()).isEqualTo(NodeStatus.VERIFYING);
        master.sql("UPDATE lease SET expires_at = '2000-01-01'");
        assertThat(master.get(Leadership.class).seek()).isTrue();
        master.get(RefreshView.class).refresh();
        assertThat(seen().condition().status()).isEqualTo(NodeStatus.RUNNING);
    }

    @Test
    void whoHoldsCopiesIsRemovedByForceOnly() throws Exception {
        holdsACopy();
        want(AdminState.OFFLINE, false);
        assertRefused(FailureKind.CONFLICT, "node-state", () -> want(AdminState.REMOVED, false));
        want(AdminState.REMOVED, true);
        assertThat(master.rows("SELECT detail FROM node_event ORDER BY id DESC LIMIT 1"))
                .containsExactly("A person gave up the 1 copies on it.");
        assertThat(master.get(ClusterView.class).nodes()).isEmpty();
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> want(AdminState.IN_SERVICE, true));
    }

    @Test
    void whoHoldsNoneIsRemovedAndItsNameIsFreeButNotItsDisk() throws Exception {
        want(AdminState.OFFLINE, false);
        want(AdminState.REMOVED, false);
        long removed = master.count("SELECT id FROM storage_node");
        var joinNode = master.get(JoinNode.class);
        assertRefused(
                FailureKind.CONFLICT,
                "node-removed",
                () -> joinNode.join(TestNodes.request("sn1", TestNodes.disk("sn1"), "z")));
        var unused = joinNode.join(TestNodes.request("sn1", TestNodes.disk("new"), "z"));
        assertThat(master.rows("SELECT name, admin_state FROM storage_node ORDER BY id"))
                .containsExactly("sn1.removed-" + removed + " REMOVED", "sn1 IN_SERVICE");
    }

    @Test
    void whatIsSetForANodeStays() throws Exception {
        var terms = new NodeView.Terms(Optional.of(NodeView.Heal.AUTO), Optional.of(9_000L));
        master.get(ChangeNode.class)
                .change("sn1", new ChangeNode.Wish(Optional.empty(), false, Optional.of(terms)), accountId());
        assertThat(seen().terms()).isEqualTo(terms);
        assertThat(master.rows("SELECT detail FROM node_event WHERE kind = 'ADMIN'"))
                .containsExactly("Healing is auto, copying is bounded to 9000 bytes per second.");
    }

    @Test
    void refusedDisksAreWrittenDownOnceAnHour() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertRefused(
                    FailureKind.CONFLICT,
                    "node-name-taken",
                    () -> master.get(JoinNode.class).join(TestNodes.request("sn1", TestNodes.disk("other"), "z")));
        }
        assertThat(master.rows("SELECT kind FROM node_event WHERE kind <> 'LEADER'"))
                .containsExactly("IDENTITY");
    }

    @Test
    void eventsAreListedInTheirOrder() {
        want(AdminState.DRAINING, false);
        want(AdminState.IN_SERVICE, false);
        want(AdminState.OFFLINE, false);
        var list = master.get(ListEvents.class);
        var all = list.list(Optional.empty(), Optional.of(0L), 100);
        assertThat(all).hasSize(4);
        assertThat(list.list(Optional.of("sn1"), Optional.empty(), 2)).isEqualTo(all.subList(2, 4));
        assertThat(list.list(Optional.of("sn1"), Optional.of(all.get(1).id()), 1))
                .isEqualTo(all.subList(2, 3));
        assertThat(list.list(Optional.of("sn2"), Optional.empty(), 2)).isEmpty();
        var last = all.get(3);
        assertThat(last.node()).contains("sn1");
        assertThat(last.account()).contains("admin");
        assertThat(last.what().change()).contains(new NodeEvents.Change("IN_SERVICE", "OFFLINE"));
        assertThat(all.get(0).node()).as("who leads concerns the whole cluster").isEmpty();
    }
}
