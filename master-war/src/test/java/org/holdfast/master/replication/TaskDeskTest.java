package org.holdfast.master.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.util.List;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.TaskMessage;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people see of tasks and why copies are missing. */
class TaskDeskTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final TaskLab lab = new TaskLab(master);
    private TestNodes nodes = new TestNodes(master);

    @BeforeEach
    void twoNodes() {
        nodes = TestNodes.running(master, "sn1", "sn2");
    }

    private TaskDesk desk() {
        return master.get(TaskDesk.class);
    }

    private List<String> paths(TaskFilter filter) {
        return desk().list(filter, "", 100).stream()
                .map(TaskDesk.TaskView::path)
                .toList();
    }

    private static TaskFilter path(String path) {
        return new TaskFilter(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(path));
    }

    @Test
    void everyFilterLeavesOutTheOthers() throws Exception {
        for (String name : List.of("admin/a_b/x", "admin/aXb/x", "admin/a_b", "admin/a_bc")) {
            assertThat(master.put(name.equals("admin/a_b") ? "admin/deep/a_b" : name)
                            .version())
                    .isEqualTo(1);
        }
        assertThat(paths(TaskFilter.NONE)).hasSize(4);
        assertThat(paths(path("admin/a_b"))).containsExactly("admin/a_b/x");
        assertThat(paths(path("admin/a_b/x"))).containsExactly("admin/a_b/x");
        assertThat(paths(path("admin"))).hasSize(4);
        assertThat(paths(path("adm"))).isEmpty();
        master.sql("UPDATE task SET kind = 'VERIFY' WHERE path = 'admin/a_bc'");
        master.sql("UPDATE task SET urgency = 0 WHERE path = 'admin/a_bc'");
        var none = Optional.<String>empty();
        var verify = Optional.of(TaskMessage.Kind.VERIFY);
        assertThat(paths(new TaskFilter(Optional.empty(), none, verify, Optional.empty(), none)))
                .containsExactly("admin/a_bc");
        assertThat(paths(new TaskFilter(Optional.empty(), none, Optional.empty(), Optional.of(Urgency.URGENT), none)))
                .containsExactly("admin/a_bc");
        assertThat(paths(new TaskFilter(
                        Optional.of(TaskState.QUEUED),
                        Optional.of("sn2"),
                        verify,
                        Optional.of(Urgency.URGENT),
                        Optional.of("admin/a_bc"))))
                .hasSize(1);
        assertThat(paths(
                        new TaskFilter(Optional.empty(), Optional.of("sn1"), Optional.empty(), Optional.empty(), none)))
                .isEmpty();
    }

    @Test
    void aDeadTaskStaysUntilItIsHandled() throws Exception {
        var unused = master.put("admin/a");
        var task = lab.claimOne();
        String id = task.message().taskId();
        assertRefused(FailureKind.CONFLICT, "conflict", () -> desk().dismiss(id));
        lab.report(task, TaskLab.http(Outcome.Side.TARGET, 400));
        assertThat(desk().get(id).state()).isEqualTo(TaskState.DEAD);
        var dismissed = desk().dismiss(id);
        assertThat(dismissed.state()).isEqualTo(TaskState.DISMISSED);
        assertThat(dismissed.reason())
                .hasValueSatisfying(reason -> assertThat(reason).contains("TARGET said 400"));
        lab.report(task, TaskLab.done());
        assertThat(desk().get(id).state()).isEqualTo(TaskState.DISMISSED);
        assertThat(desk().retry(id).attempt()).isEqualTo(2);
        lab.report(lab.claimOne(), TaskLab.done());
        assertThat(desk().get(id).state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void aCopyTellsWhyItIsMissingWhatFollowsAndWhen() throws Exception {
        var put = master.put("admin/a");
        assertWhy(put, "its turn has not come", "given to a worker");
        assertThat(missing(put, 3)).extracting(ExplainCopies.Missing::state).containsExactly("planned", "unplanned");
        master.get(PauseDispatch.class).pause(master.admin().accountId(), Optional.empty(), "moving house");
        assertWhy(put, "paused by admin since 2026-03-01T12:00:00Z: moving house", "resumed");
        master.get(PauseDispatch.class).resume(Optional.empty());
        nodes.turn("sn2", NodeStatus.DOWN);
        assertWhy(put, "node sn2 is down, in service", "when the node is back");
        nodes.turn("sn2", NodeStatus.VERIFYING);
        assertWhy(put, "its turn has not come", "given to a worker");
        nodes.turn("sn2", NodeStatus.RUNNING);
        nodes.turn("sn1", NodeStatus.DOWN);
        assertThat(lab.claim()).isEmpty();
        assertThat(missing(put, 3).get(0).why()).as("the verified copy").contains("sn1 is down");
        assertThat(missing(put, 3).get(1).why()).contains("no node with a verified copy");
        nodes.turn("sn1", NodeStatus.RUNNING);
        master.clock().forward(java.time.Duration.ofSeconds(5));
        var task = lab.claimOne();
        assertWhy(put, "waits for a worker since", "sent again");
        assertThat(missing(put, 3).get(0).when())
                .contains(master.clock().instant().plus(TestWiring.RESEND_AFTER));
        lab.progress(task, 40);
        assertWhy(put, "worker1 is at it: 40 of 100 bytes, 10 bytes a second", "verified");
        assertThat(missing(put, 3).get(0).when())
                .contains(master.clock().instant().plusSeconds(6));
        lab.report(task, Outcome.of(Outcome.Condition.STALL, Outcome.Side.TARGET, "no byte moved"));
        assertWhy(put, "attempt 1 failed: no byte moved", "attempt 2");
        assertThat(missing(put, 3).get(0).when()).isPresent();
        master.clock().forward(java.time.Duration.ofSeconds(5));
        lab.report(lab.claimOne(), TaskLab.http(Outcome.Side.TARGET, 400));
        assertWhy(
                put,
                "given up: ",
                "administrator retries task " + task.message().taskId());
        var dismissed = desk().dismiss(task.message().taskId());
        assertWhy(put, "taken note", "unless an administrator retries task " + dismissed.id());
        var retried = desk().retry(dismissed.id());
        assertThat(desk().cancel(retried.id()).state()).isEqualTo(TaskState.CANCELLED);
        assertWhy(put, "nothing is being done", "after 30 s");
        master.clock().forward(TestWiring.RESEND_AFTER.plusSeconds(1));
        assertThat(master.get(Sweep.class).adoptOrphans()).isEqualTo(1);
        lab.workOff();
        // The copy is there; a third one has no place, until there is one.
        assertThat(missing(put, 2)).isEmpty();
        assertThat(missing(put, 3))
                .containsExactly(new ExplainCopies.Missing(
                        Optional.empty(),
                        "unplanned",
                        "no node besides those 2 can take a copy now",
                        "it is planned when a node more can take it",
                        Optional.empty()));
        var unused = TestNodes.running(master, "sn3");
        assertThat(missing(put, 3).get(0).why()).isEqualTo("it is not planned yet");
    }

    private List<ExplainCopies.Missing> missing(org.holdfast.contract.CommitReply put, int wanted) {
        return master.get(ExplainCopies.class).missing(put.blob().id(), wanted);
    }

    /** The first missing copy, which is the one on sn2. */
    private void assertWhy(org.holdfast.contract.CommitReply put, String why, String next) {
        var first = missing(put, 3).get(0);
        assertThat(first.node()).contains("sn2");
        assertThat(first.why()).contains(why);
        assertThat(first.next()).contains(next);
    }
}
