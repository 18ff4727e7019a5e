package org.holdfast.master.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.Outcome;
import org.holdfast.master.catalog.ChangeNames;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeReturned;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SweepTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final TaskLab lab = new TaskLab(master);
    private TestNodes nodes = new TestNodes(master);

    @BeforeEach
    void twoNodes() {
        nodes = TestNodes.running(master, "sn1", "sn2");
    }

    private Sweep sweep() {
        lab.lead();
        return master.get(Sweep.class);
    }

    private void passResendTime() {
        master.clock().forward(TestWiring.RESEND_AFTER.plusSeconds(1));
    }

    @Test
    void aTaskThatWasLostIsMadeAgain() throws Exception {
        var put = master.put("admin/dir/a");
        master.sql("DELETE FROM task");
        assertThat(sweep().adoptOrphans()).as("it may be on its way").isZero();
        passResendTime();
        assertThat(sweep().adoptOrphans()).isEqualTo(1);
        assertThat(sweep().adoptOrphans()).isZero();
        var task = lab.claimOne().message();
        assertThat(task.kind() + " " + task.address() + " " + task.target().name())
                .isEqualTo("REPLICATE admin/dir/a sn2");
        assertThat(task.blob()).isEqualTo(put.blob());
    }

    @Test
    void aDeletionThatWasLostIsMadeAgain() throws Exception {
        var unused = master.put("admin/a");
        master.get(ChangeNames.class).removeFile(master.admin(), new FileAddress("admin", "a"), Conditions.NONE);
        master.sql("DELETE FROM task");
        passResendTime();
        assertThat(sweep().adoptOrphans()).isEqualTo(2);
        assertThat(master.rows("SELECT DISTINCT kind FROM task")).containsExactly("DELETE");
        lab.workOff();
        assertThat(master.count("SELECT COUNT(*) FROM blob_")).isZero();
    }

    @Test
    void aDeadTaskWaitsForAPerson() throws Exception {
        var unused = master.put("admin/a");
        lab.report(lab.claimOne(), TaskLab.http(Outcome.Side.TARGET, 400));
        passResendTime();
        assertThat(sweep().adoptOrphans()).isZero();
        lab.walkAnew();
        assertThat(lab.claim()).isEmpty();
    }

    @Test
    void aNewNodeGetsTheCopiesThatHadNoPlace() throws Exception {
        var put = master.put("admin/a");
        lab.workOff();
        lab.walkAnew();
        assertThat(lab.claim()).as("there is no third node").isEmpty();
        var unused = TestNodes.running(master, "sn3");
        lab.walkAnew();
        var task = lab.claimOne();
        assertThat(task.message().target().name()).isEqualTo("sn3");
        assertThat(task.urgency()).isEqualTo(Urgency.NORMAL);
        assertThat(master.rows("SELECT priority, state FROM replica ORDER BY priority"))
                .containsExactly("0 VERIFIED", "1 VERIFIED", "2 PLANNED");
        lab.report(task, TaskLab.done());
        lab.walkAnew();
        assertThat(lab.claim()).as("nothing is missing").isEmpty();
        assertThat(lab.replica(put.blob().id(), "sn3")).isEqualTo("VERIFIED");
    }

    @Test
    void theLastCopyLeftIsUrgent() throws Exception {
        var unused = master.put("admin/a");
        master.sql("DELETE FROM replica WHERE priority > 0");
        master.sql("DELETE FROM task");
        lab.walkAnew();
        assertThat(lab.claimOne().urgency()).isEqualTo(Urgency.URGENT);
    }

    @Test
    void nothingIsPlannedWithoutAVerifiedCopy() throws Exception {
        var unused = master.put("admin/a");
        master.sql("DELETE FROM task");
        master.sql("DELETE FROM replica WHERE priority > 0");
        master.sql("UPDATE replica SET state = 'SUSPECT'");
        lab.walkAnew();
        assertThat(master.count("SELECT COUNT(*) FROM task")).isZero();
    }

    @Test
    void aTaskOfWhichNothingWasHeardIsSentAgain() throws Exception {
        var unused = master.put("admin/a");
        var sent = lab.claimOne();
        master.clock().forward(TestWiring.RESEND_AFTER);
        assertThat(sweep().resendSilent()).isZero();
        master.clock().forward(Duration.ofSeconds(1));
        assertThat(sweep().resendSilent()).isEqualTo(1);
        var again = lab.claimOne();
        assertThat(again.message().taskId()).isEqualTo(sent.message().taskId());
        assertThat(again.message().attempt()).isEqualTo(1);
        assertThat(again.resent())
                .as("the broker would drop it for the first one, which it has delivered")
                .isEqualTo(1);
        // And with more patience each time.
        passResendTime();
        assertThat(sweep().resendSilent()).isZero();
        master.clock().forward(TestWiring.RESEND_AFTER);
        assertThat(sweep().resendSilent()).isEqualTo(1);
        lab.report(lab.claimOne(), Outcome.of(Outcome.Condition.HANDED_BACK, Outcome.Side.NONE, "stopped"));
        assertThat(lab.claimOne().resent()).as("of another attempt").isZero();
    }

    @Test
    void aTaskThatShowsProgressIsLeftInPeace() throws Exception {
        var unused = master.put("admin/a");
        var sent = lab.claimOne();
        for (int i = 0; i < 5; i++) {
            master.clock().forward(TestWiring.RESEND_AFTER.minusSeconds(1));
            lab.progress(sent, i);
            assertThat(sweep().resendSilent()).isZero();
        }
        passResendTime();
        assertThat(sweep().resendSilent()).isEqualTo(1);
        assertThat(lab.task(sent.message().taskId(), "state")).isEqualTo("QUEUED");
    }

    @Test
    void whatWasFinishedLongAgoIsForgotten() throws Exception {
        assertThat(master.get(Leadership.class).seek()).isTrue();
        var unused = master.put("admin/a");
        unused = master.put("admin/b");
        unused = master.put("admin/c");
        var tasks = lab.claim();
        lab.report(tasks.get(0), TaskLab.done());
        lab.report(tasks.get(1), TaskLab.http(Outcome.Side.TARGET, 400));
        master.clock().forward(TestWiring.HISTORY_LIFE);
        assertThat(sweep().trimHistory()).isZero();
        master.clock().forward(Duration.ofSeconds(1));
        assertThat(sweep().trimHistory()).isEqualTo(1);
        assertThat(master.rows("SELECT state FROM task ORDER BY state")).containsExactly("DEAD", "QUEUED");
        assertThat(master.count("SELECT COUNT(*) FROM task_attempt")).isEqualTo(1);
        // What a person has taken note of stays for as long as it explains why a copy is missing.
        var noted = master.get(TaskDesk.class).dismiss(tasks.get(1).message().taskId());
        assertThat(noted.state()).isEqualTo(TaskState.DISMISSED);
        master.clock().forward(TestWiring.HISTORY_LIFE.plusSeconds(1));
        assertThat(sweep().adoptOrphans())
                .as("tasks for the copy that was given up")
                .isZero();
        assertThat(sweep().trimHistory()).isZero();
        master.sql("DELETE FROM replica WHERE state = 'PLANNED'");
        assertThat(sweep().trimHistory()).isEqualTo(1);
    }

    @Test
    void whatWaitedForANodeIsDueWhenItReturns() throws Exception {
        var unused = master.put("admin/a");
        lab.report(lab.claimOne(), Outcome.of(Outcome.Condition.REFUSED, Outcome.Side.TARGET, "refused"));
        master.sql("UPDATE task SET not_before = '2026-03-01 13:00:00'");
        nodes.turn("sn2", NodeStatus.DOWN);
        nodes.turn("sn2", NodeStatus.RUNNING);
        assertThat(lab.claim()).isEmpty();
        sweep().onReturn(new NodeReturned(nodes.id("sn1")));
        assertThat(lab.claim()).isEmpty();
        sweep().onReturn(new NodeReturned(nodes.id("sn2")));
        assertThat(lab.claimedIds())
                .isEqualTo(List.of(master.rows("SELECT id FROM task").get(0)));
    }
}
