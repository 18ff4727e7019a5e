package org.holdfast.master.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.TaskMessage;
import org.holdfast.master.catalog.NamespaceTerms;
import org.holdfast.master.catalog.Namespaces;
import org.holdfast.master.cluster.AdminState;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeReturned;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.holdfast.master.placement.PlacementPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WalksTest {
    private static final int FILES = 30;

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final TaskLab lab = new TaskLab(master);
    private TestNodes nodes = new TestNodes(master);

    /** Of the namespace admin, three copies are wanted, of the namespace one two. */
    @BeforeEach
    void fourNodes() {
        nodes = TestNodes.running(master, "sn1", "sn2", "sn3", "sn4");
        master.namespace("one", 1);
    }

    private void lose(String node) {
        nodes.turn(node, NodeStatus.DOWN);
        master.clock().forward(TestWiring.HOLD_OFF.plusSeconds(1));
    }

    private void manyFiles() throws Exception {
        lab.manyFiles("admin", 1, FILES, nodes.id("sn1"), nodes.id("sn2"), nodes.id("sn3"));
        lab.manyFiles("one", FILES + 1, 2 * FILES, nodes.id("sn1"), nodes.id("sn2"));
    }

    private List<String> openTasks() throws Exception {
        return master.rows("SELECT COUNT(*), kind, state, urgency, n.name FROM task t"
                + " JOIN storage_node n ON n.id = t.target_node_id WHERE state NOT IN ('DONE', 'CANCELLED')"
                + " GROUP BY kind, state, urgency, n.name ORDER BY kind, urgency, n.name");
    }

    @Test
    void aNodeThatIsAwayForAMomentSetsNothingOff() throws Exception {
        manyFiles();
        nodes.turn("sn1", NodeStatus.DOWN);
        master.clock().forward(TestWiring.HOLD_OFF.minusSeconds(1));
        lab.walkAnew();
        assertThat(openTasks()).isEmpty();
    }

    @Test
    void theCopiesOfALostNodeAreMadeAgainMostEndangeredFirst() throws Exception {
        manyFiles();
        lose("sn1");
        lab.walk();
        assertThat(master.count("SELECT COUNT(*) FROM task WHERE urgency = 0 AND path LIKE 'one/%'"))
                .isEqualTo(FILES);
        assertThat(master.rows("SELECT DISTINCT urgency, target_node_id FROM task WHERE path LIKE 'admin/%'"))
                .as("the only node that has no copy")
                .containsExactly("1 " + nodes.id("sn4"));
        assertThat(lab.claim().stream().limit(FILES))
                .allSatisfy(task -> assertThat(task.urgency()).isEqualTo(Urgency.URGENT));
        assertThat(lab.copiesOn("sn1")).as("they may come back").isEqualTo(2 * FILES + " VERIFIED");
    }

    @Test
    void lastCopiesAreFoundBeforeAWholeDiskHasBeenLookedThrough() throws Exception {
        int survey = WalkCopies.SURVEY;
        lab.manyFiles("admin", 1, survey - 5, nodes.id("sn1"), nodes.id("sn2"), nodes.id("sn3"));
        lab.manyFiles("one", survey - 4, survey, nodes.id("sn1"), nodes.id("sn2"));
        lose("sn1");
        lab.lead();
        var due = lab.due();
        assertThat(due.get(0).kind()).isEqualTo("LEAVING");
        long began = System.nanoTime();
        master.get(WalkCopies.class).step(due.get(0));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
        assertThat(lab.claim()).as("workers have something to do at once").hasSize(ClaimDueTasks.BATCH);
        lab.lead();
        master.get(WalkCopies.class).step(due.get(0));
        assertThat(master.count("SELECT COUNT(*) FROM task WHERE urgency = 0")).isEqualTo(5);
        assertThat(master.count("SELECT COUNT(*) FROM task")).isLessThan(survey / 2);
    }

    @Test
    void aNodeThatReturnsEndsWhatIsNotNeededAnyMoreAndSurplusGoes() throws Exception {
        manyFiles();
        lose("sn1");
        lab.walk();
        var first = lab.claim().get(0);
        lab.report(first, TaskLab.done());
        nodes.turn("sn1", NodeStatus.VERIFYING);
        lab.walkAnew();
        assertThat(master.count("SELECT COUNT(*) FROM task WHERE state = 'CANCELLED' OR kind = 'DELETE'"))
                .as("it may still fail")
                .isZero();
        nodes.turn("sn1", NodeStatus.RUNNING);
        lab.walk();
        assertThat(master.rows("SELECT kind, state, COUNT(*) FROM task GROUP BY kind, state ORDER BY kind, state"))
                .containsExactly("DELETE QUEUED 1", "REPLICATE CANCELLED " + (2 * FILES - 1), "REPLICATE DONE 1");
        assertThat(master.count("SELECT COUNT(*) FROM replica WHERE state = 'PLANNED'"))
                .isZero();
        assertThat(lab.claim()).as("readers were sent there").isEmpty();
        master.clock().forward(Duration.ofMinutes(1));
        lab.workOff();
        assertThat(master.rows("SELECT COUNT(*), state FROM replica GROUP BY state"))
                .containsExactly(FILES * 5 + " VERIFIED");
    }

    @Test
    void aDrainingNodeIsReadFromUntilTheOthersAreVerifiedAndThenEmpty() throws Exception {
        manyFiles();
        nodes.turn("sn2", AdminState.DRAINING);
        lab.walk();
        assertThat(master.rows("SELECT DISTINCT urgency FROM task"))
                .as("nothing is lost")
                .containsExactly("2");
        assertThat(lab.copiesOn("sn2")).isEqualTo(2 * FILES + " VERIFIED");
        var tasks = lab.claim();
        assertThat(tasks).hasSize(2 * FILES);
        var half = tasks.subList(0, FILES);
        lab.record(half.stream().map(task -> lab.result(task, TaskLab.done())).toList());
        assertThat(lab.copiesOn("sn2")).isEqualTo(FILES + " DELETING " + FILES + " VERIFIED");
        lab.record(tasks.subList(FILES, 2 * FILES).stream()
                .map(task -> lab.result(task, TaskLab.done()))
                .toList());
        master.clock().forward(Duration.ofMinutes(1));
        lab.workOff();
        assertThat(lab.copiesOn("sn2")).isEmpty();
        assertThat(master.rows("SELECT COUNT(*), state FROM replica GROUP BY state"))
                .containsExactly(FILES * 5 + " VERIFIED");
    }

    @Test
    void aFileThatHasNoPlaceDoesNotBlockTheOthersAndIsTold() throws Exception {
        manyFiles();
        lose("sn4");
        nodes.turn("sn2", AdminState.DRAINING);
        lab.walk();
        lab.workOff();
        master.clock().forward(Duration.ofMinutes(1));
        lab.workOff();
        assertThat(lab.copiesOn("sn2"))
                .as("three copies of admin's and two nodes")
                .isEqualTo(FILES + " VERIFIED");
        lab.walkAnew();
        assertThat(master.get(Walks.class)
                        .leaving(nodes.id("sn2"))
                        .orElseThrow()
                        .blocked())
                .isEqualTo(FILES);
        var held =
                master.get(CopiesOnNode.class).ask(master.get(ClusterView.class).require("sn2"));
        assertThat(held.byState()).isEqualTo(Map.of(ReplicaState.VERIFIED, (long) FILES));
        assertThat(held.leaving()).isPresent();
        nodes.turn("sn4", NodeStatus.RUNNING);
        lab.walkAnew();
        lab.workOff();
        master.clock().forward(Duration.ofMinutes(1));
        lab.workOff();
        assertThat(lab.copiesOn("sn2")).isEmpty();
    }

    @Test
    void whenMoreCopiesAreWantedExactlyTheirsAreMade() throws Exception {
        manyFiles();
        change("one", 2);
        lab.walk();
        assertThat(master.rows("SELECT DISTINCT SUBSTRING_INDEX(path, '/', 1), kind FROM task"))
                .containsExactly("one REPLICATE");
        assertThat(master.count("SELECT COUNT(*) FROM task")).isEqualTo(FILES);
        lab.workOff();
        change("one", 0);
        lab.walk();
        master.clock().forward(Duration.ofMinutes(1));
        lab.workOff();
        assertThat(master.rows("SELECT COUNT(*), state, MAX(priority) FROM replica r JOIN file_version v"
                        + " ON v.blob_id = r.blob_id JOIN file f ON f.id = v.file_id WHERE f.id > 1000000 + " + FILES
                        + " GROUP BY state"))
                .as("the origin stays")
                .containsExactly(FILES + " VERIFIED 0");
        assertThat(master.count("SELECT COUNT(*) FROM walk WHERE kind = 'NAMESPACE'"))
                .isZero();
    }

    @Test
    void olderVersionsGetTheirCopiesTooHoweverManyAFileHas() throws Exception {
        int versions = WalkCopies.PAGE + 10;
        lab.manyFiles("one", 1, versions, nodes.id("sn1"), nodes.id("sn2"));
        master.sql("UPDATE file_version SET file_id = 1000001, number = id - 1000000");
        master.sql("UPDATE file SET version_id = 1000000 + " + versions + " WHERE id = 1000001");
        master.sql("DELETE FROM file WHERE id <> 1000001");
        master.sql("UPDATE walk SET next_at = '2999-01-01' WHERE kind = 'ALL'");
        change("one", 2);
        lab.walk();
        assertThat(master.count("SELECT COUNT(DISTINCT blob_id) FROM task WHERE kind = 'REPLICATE'"))
                .isEqualTo(versions);
    }

    private void change(String namespace, int replicas) {
        var unused = master.get(Namespaces.class)
                .change(
                        master.admin(),
                        namespace,
                        new NamespaceTerms(replicas, PlacementPolicy.RANDOM, 1, 0),
                        org.holdfast.master.account.Quota.UNLIMITED);
    }

    @Test
    void aWalkGoesOnWhereItWasWithAnotherLeader() throws Exception {
        int files = WalkCopies.PAGE + 10;
        lab.manyFiles("one", 1, files, nodes.id("sn1"), nodes.id("sn2"));
        change("one", 2);
        master.sql("UPDATE walk SET next_at = '2999-01-01' WHERE kind = 'ALL'");
        lab.lead();
        var due = lab.due();
        assertThat(due).hasSize(1);
        master.get(WalkCopies.class).step(due.get(0));
        assertThat(master.count("SELECT COUNT(*) FROM task")).isEqualTo(WalkCopies.PAGE);
        master.sql("UPDATE lease SET holder = 'm2/x', token = token + 1, expires_at = '2999-01-01'");
        assertThatThrownBy(() -> master.get(WalkCopies.class).step(due.get(0)))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo("not-leader"));
        master.sql("UPDATE lease SET expires_at = '2000-01-01'");
        lab.walk();
        assertThat(master.count("SELECT COUNT(*) FROM task")).isEqualTo(files);
    }

    @Test
    void aNodeThatWasGivenUpLosesItsCopiesAtOnceAndLastTracesStay() throws Exception {
        manyFiles();
        lab.manyFiles("one", 100, 100, nodes.id("sn1"));
        long given = nodes.id("sn1");
        nodes.remove("sn1");
        lab.walk();
        assertThat(master.rows("SELECT blob_id, state FROM replica WHERE node_id = ?", given))
                .containsExactly("B0000000000000000000000100 LOST");
        assertThat(master.count("SELECT COUNT(*) FROM task WHERE kind = 'REPLICATE' AND state = 'QUEUED'"))
                .isEqualTo(2 * FILES);
        assertThat(master.count("SELECT COUNT(*) FROM walk WHERE kind <> 'ALL'"))
                .isZero();
    }

    @Test
    void aSurplusCopyIsSparedWhenItIsNeededAgain() throws Exception {
        manyFiles();
        change("one", 0);
        lab.walk();
        change("one", 1);
        master.clock().forward(Duration.ofMinutes(1));
        assertThat(lab.claim()).as("the deletions are not sent").isEmpty();
        var claimed = lab.claim();
        assertThat(claimed)
                .hasSize(FILES)
                .allSatisfy(task -> assertThat(task.message().kind()).isEqualTo(TaskMessage.Kind.VERIFY));
        assertThat(lab.copiesOn("sn2")).isEqualTo(FILES + " SUSPECT " + FILES + " VERIFIED");
        lab.record(
                claimed.stream().map(task -> lab.result(task, TaskLab.done())).toList());
        assertThat(lab.copiesOn("sn2")).isEqualTo(2 * FILES + " VERIFIED");
    }

    @Test
    void aPlanForANodeThatLeavesGoesElsewhereAndWhatLandsThereAllTheSameIsRemoved() throws Exception {
        var put = master.put("one/a");
        var task = lab.claimOne();
        String target = task.message().target().name();
        nodes.turn(target, AdminState.DRAINING);
        lab.walk();
        assertThat(lab.replica(put.blob().id(), target)).isEqualTo("none");
        assertThat(master.count("SELECT COUNT(*) FROM replica WHERE state = 'PLANNED'"))
                .isEqualTo(1);
        lab.report(task, TaskLab.done());
        nodes.turn(target, AdminState.IN_SERVICE);
        lab.walkAnew();
        assertThat(lab.replica(put.blob().id(), target))
                .as("what is going there must be gone first")
                .isEqualTo("none");
        lab.workOff();
        assertThat(lab.replica(put.blob().id(), target)).isEqualTo("none");
        assertThat(master.count("SELECT COUNT(*) FROM replica WHERE state = 'VERIFIED'"))
                .isEqualTo(2);
    }

    @Test
    void aCorruptCopyOnANodeThatLeavesIsMadeElsewhereAndGoes() throws Exception {
        lab.manyFiles("one", 1, 1, nodes.id("sn1"), nodes.id("sn2"));
        master.sql("UPDATE replica SET state = 'CORRUPT' WHERE node_id = ?", nodes.id("sn2"));
        nodes.turn("sn2", AdminState.DRAINING);
        lab.walk();
        var copy = lab.claimOne();
        assertThat(copy.urgency()).isEqualTo(Urgency.URGENT);
        lab.report(copy, TaskLab.done());
        assertThat(lab.copiesOn("sn2")).isEqualTo("1 DELETING");
    }

    @Test
    void aFileWithoutAnyReadableCopyWaitsAndIsMendedWhenOneIsBack() throws Exception {
        lab.manyFiles("one", 1, 1, nodes.id("sn1"));
        lose("sn1");
        lab.walk();
        assertThat(openTasks()).isEmpty();
        nodes.turn("sn1", NodeStatus.RUNNING);
        lab.walk();
        lab.report(lab.claimOne(), TaskLab.done());
        assertThat(master.count("SELECT COUNT(*) FROM replica WHERE state = 'VERIFIED'"))
                .isEqualTo(2);
    }

    @Test
    void whenANodeComesAllIsLookedThroughAtOnce() {
        lab.walk();
        assertThat(lab.due()).as("the walk over all rests").isEmpty();
        master.get(Walks.class).onReturn(new NodeReturned(nodes.id("sn4")));
        assertThat(lab.due()).containsExactly(new Walks.Due("ALL", 0));
        lab.walk();
        assertThat(lab.due()).isEmpty();
    }

    @Test
    void pagesAreReadByIndexAlone() throws Exception {
        lab.manyFiles("admin", 1, 3_000, nodes.id("sn1"), nodes.id("sn2"), nodes.id("sn3"));
        var unused = master.rows("ANALYZE TABLE replica, file, blob_");
        assertThat(master.rows("EXPLAIN SELECT blob_id FROM replica FORCE INDEX (replica_by_node) WHERE node_id = "
                        + nodes.id("sn1") + " AND state = 'VERIFIED' AND blob_id > 'B' ORDER BY blob_id LIMIT 500"))
                .allSatisfy(
                        row -> assertThat(row).contains("range replica_by_node").doesNotContain("filesort"));
    }
}
