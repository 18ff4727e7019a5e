package org.holdfast.master.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.TaskMessage;
import org.holdfast.master.catalog.ChangeNames;
import org.holdfast.master.cluster.AdminState;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.AtOnce;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClaimDueTasksTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final TaskLab lab = new TaskLab(master);
    private TestNodes nodes = new TestNodes(master);

    @BeforeEach
    void twoNodes() {
        nodes = TestNodes.running(master, "sn1", "sn2");
    }

    @Test
    void aClaimedTaskSaysAllThatAWorkerNeeds() throws Exception {
        var put = master.put("admin/dir/a.txt");
        var claimed = lab.claimOne();
        var message = claimed.message();
        assertThat(message.attempt()).isEqualTo(1);
        assertThat(message.kind()).isEqualTo(TaskMessage.Kind.REPLICATE);
        assertThat(message.blob()).isEqualTo(put.blob());
        assertThat(message.address()).isEqualTo(put.address());
        assertThat(message.source()).contains(new TaskMessage.Member("sn1", "http://sn1.example:1"));
        assertThat(message.target()).isEqualTo(new TaskMessage.Member("sn2", "http://sn2.example:1"));
        assertThat(claimed.urgency()).isEqualTo(Urgency.NORMAL);
        assertThat(claimed.delay()).isZero();
        assertThat(lab.task(message.taskId(), "state, source_node_id, sent_at IS NULL"))
                .isEqualTo("QUEUED " + nodes.id("sn1") + " 0");
        assertThat(lab.claim()).isEmpty();
    }

    @Test
    void whatCouldNotBeSentIsClaimedAgain() {
        var unused = master.put("admin/a");
        var first = lab.claimedIds();
        master.get(ClaimDueTasks.class).release(first);
        assertThat(lab.claimedIds()).isEqualTo(first);
        master.get(ClaimDueTasks.class).release(List.of());
        assertThat(lab.claim()).isEmpty();
    }

    @Test
    void twoClaimersShareTenThousandTasks() throws Exception {
        int tasks = 10_000;
        lab.manyTasks(tasks, nodes.id("sn1"), nodes.id("sn2"));
        var claimed = AtOnce.run(2, i -> () -> {
            List<String> mine = new ArrayList<>();
            while (master.count("SELECT COUNT(*) FROM task WHERE state <> 'DONE'") > 0) {
                List<String> batch = lab.claimedIds();
                mine.addAll(batch);
                if (!batch.isEmpty()) {
                    master.sql("UPDATE task SET state = 'DONE' WHERE id IN ('" + String.join("','", batch) + "')");
                }
            }
            return mine;
        });
        List<String> all = new ArrayList<>(claimed.get(0));
        all.addAll(claimed.get(1));
        assertThat(all).hasSize(tasks);
        assertThat(new HashSet<>(all)).hasSize(tasks);
        assertThat(claimed).as("both had something to do").allMatch(mine -> mine.size() > tasks / 10);
    }

    @Test
    void noMoreThanSoManyAreUnderWay() throws Exception {
        lab.manyTasks(ClaimDueTasks.MAX_IN_FLIGHT + 300, nodes.id("sn1"), nodes.id("sn2"));
        List<String> underWay = new ArrayList<>();
        for (var batch = lab.claimedIds(); !batch.isEmpty(); batch = lab.claimedIds()) {
            assertThat(batch.size()).isLessThanOrEqualTo(ClaimDueTasks.BATCH);
            underWay.addAll(batch);
        }
        assertThat(underWay).hasSize(ClaimDueTasks.MAX_IN_FLIGHT);
        lab.record(underWay.subList(0, 5).stream()
                .map(id -> lab.result(id, 1, TaskLab.done()))
                .toList());
        assertThat(lab.claim()).hasSize(5);
    }

    /** Without taking turns each would find the same room and fill it. */
    @Test
    void twoClaimersTogetherKeepTheLimitToo() throws Exception {
        lab.manyTasks(ClaimDueTasks.MAX_IN_FLIGHT + 2_000, nodes.id("sn1"), nodes.id("sn2"));
        var claimed = AtOnce.run(4, i -> () -> {
            int mine = 0;
            for (var batch = lab.claimedIds(); !batch.isEmpty(); batch = lab.claimedIds()) {
                mine += batch.size();
            }
            return mine;
        });
        assertThat(claimed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(ClaimDueTasks.MAX_IN_FLIGHT);
    }

    @Test
    void whatIsPausedStaysAtAllMastersUntilItIsResumed() throws Exception {
        var unused = master.put("admin/a");
        var pause = master.get(PauseDispatch.class);
        pause.pause(master.admin().accountId(), Optional.of(TaskMessage.Kind.REPLICATE), "the line is slow");
        pause.pause(master.admin().accountId(), Optional.of(TaskMessage.Kind.REPLICATE), "the line is slow");
        assertThat(lab.claim()).isEmpty();
        assertThat(pause.all())
                .containsExactly(new PauseDispatch.Pause(
                        Optional.of(TaskMessage.Kind.REPLICATE),
                        "admin",
                        "the line is slow",
                        master.clock().instant()));
        pause.pause(master.admin().accountId(), Optional.empty(), "");
        pause.resume(Optional.of(TaskMessage.Kind.REPLICATE));
        assertThat(lab.claim()).as("all is paused as well").isEmpty();
        pause.resume(Optional.empty());
        pause.pause(master.admin().accountId(), Optional.of(TaskMessage.Kind.DELETE), "");
        assertThat(pause.all()).hasSize(1);
        assertThat(lab.claim()).as("another kind goes on").hasSize(1);
        pause.pause(master.admin().accountId(), Optional.empty(), "");
        pause.resume(Optional.empty());
        assertThat(pause.all()).isEmpty();
    }

    @Test
    void tasksForNodesThatAreDownStayAndCostNoAttempt() throws Exception {
        var unused = master.put("admin/a");
        nodes.turn("sn2", NodeStatus.DOWN);
        assertThat(lab.claim()).isEmpty();
        assertThat(master.rows("SELECT state, attempt, sent_at FROM task")).containsExactly("QUEUED 1 -");
        nodes.turn("sn2", NodeStatus.RUNNING);
        assertThat(lab.claim()).hasSize(1);
    }

    @Test
    void aNodeThatProvesItselfGetsWhatItShouldHoldAlready() throws Exception {
        var unused = master.put("admin/a");
        int lost = master.sql("UPDATE replica SET state = 'LOST' WHERE priority = 1");
        assertThat(lost).isEqualTo(1);
        nodes.turn("sn2", NodeStatus.VERIFYING);
        assertThat(lab.claim()).hasSize(1);
    }

    @Test
    void aDrainingNodeLosesCopies() {
        var unused = master.put("admin/a");
        lab.workOff();
        nodes.turn("sn2", AdminState.DRAINING);
        master.get(ChangeNames.class).removeFile(master.admin(), new FileAddress("admin", "a"), Conditions.NONE);
        master.clock().forward(TestWiring.DELETE_GRACE);
        assertThat(lab.claim())
                .extracting(claimed -> claimed.message().kind() + " "
                        + claimed.message().target().name())
                .containsExactlyInAnyOrder("DELETE sn1", "DELETE sn2");
    }

    @Test
    void aTaskWithoutAReadableSourceWaitsAndSaysSo() throws Exception {
        var unused = master.put("admin/a");
        nodes.turn("sn1", NodeStatus.DOWN);
        assertThat(lab.claim()).isEmpty();
        assertThat(master.rows("SELECT attempt, sent_at, reason FROM task"))
                .containsExactly("1 - no node with a verified copy can be read now");
        nodes.turn("sn1", NodeStatus.RUNNING);
        assertThat(lab.claim()).as("not asked again at once").isEmpty();
        master.clock().forward(Duration.ofSeconds(5));
        assertThat(lab.claim()).hasSize(1);
    }

    @Test
    void onlyVerifiedCopiesAreSources() throws Exception {
        var unused = TestNodes.running(master, "sn3", "sn4");
        master.namespace("three", 3);
        var put = master.put("three/a");
        var tasks = lab.claim();
        assertThat(tasks).hasSize(3);
        assertThat(tasks)
                .allMatch(task -> task.message().source().orElseThrow().name().equals("sn1"));
        var verified = tasks.get(0);
        lab.report(verified, TaskLab.done());
        String holder = verified.message().target().name();
        var sources = new HashSet<String>();
        for (int i = 0; i < 40; i++) {
            master.get(ClaimDueTasks.class)
                    .release(List.of(
                            tasks.get(1).message().taskId(),
                            tasks.get(2).message().taskId()));
            lab.claim()
                    .forEach(task ->
                            sources.add(task.message().source().orElseThrow().name()));
        }
        // A file spreads from every node that has it.
        assertThat(sources).containsExactlyInAnyOrder("sn1", holder);
        assertThat(lab.replica(put.blob().id(), holder)).isEqualTo("VERIFIED");
    }

    @Test
    void urgentTasksOvertakeOthers() throws Exception {
        lab.manyTasks(ClaimDueTasks.BATCH + 50, nodes.id("sn1"), nodes.id("sn2"));
        master.sql("UPDATE task SET urgency = 2 WHERE id < 'T0000000000000000000000200'");
        master.sql("UPDATE task SET urgency = 0 WHERE id > 'T0000000000000000000000240'");
        master.sql("UPDATE task SET urgency = 0 WHERE id = 'T0000000000000000000000250'");
        var urgencies = lab.claim().stream().map(ClaimDueTasks.Claimed::urgency).toList();
        assertThat(urgencies).isSorted();
        assertThat(urgencies.subList(0, 10)).containsOnly(Urgency.URGENT);
    }

    @Test
    void aWaitingTaskGoesToTheBrokerShortlyBeforeItIsDue() throws Exception {
        var unused = master.put("admin/a");
        lab.report(
                lab.claimOne(),
                org.holdfast.contract.Outcome.of(
                        org.holdfast.contract.Outcome.Condition.REFUSED,
                        org.holdfast.contract.Outcome.Side.TARGET,
                        "refused"));
        master.sql("UPDATE task SET not_before = '2026-03-01 12:00:10'");
        assertThat(lab.claim()).isEmpty();
        master.clock().forward(Duration.ofMillis(8_500));
        var claimed = lab.claimOne();
        assertThat(claimed.delay()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(claimed.message().attempt()).isEqualTo(2);
    }

    @Test
    void aCopyOfABlobThatIsGoneIsNotMade() throws Exception {
        var put = master.put("admin/a");
        master.get(ChangeNames.class).removeFile(master.admin(), new FileAddress("admin", "a"), Conditions.NONE);
        master.clock().forward(TestWiring.DELETE_GRACE);
        lab.workOff();
        assertThat(master.count("SELECT COUNT(*) FROM blob_")).isZero();
        String revived =
                master.rows("SELECT id FROM task WHERE kind = 'REPLICATE'").get(0);
        var unused = master.get(TaskDesk.class).retry(revived);
        assertThat(lab.claim()).isEmpty();
        assertThat(lab.task(revived, "state, blob_id"))
                .isEqualTo("CANCELLED " + put.blob().id());
    }
}
