package org.holdfast.master.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.Receipts.Fact;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.Ticket;
import org.holdfast.master.catalog.ChangeNames;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a thief of a worker reports. */
class CheckReceiptsTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final TaskLab lab = new TaskLab(master);
    private TestNodes nodes = new TestNodes(master);
    private BlobId blob = BlobId.next(master.clock());

    @BeforeEach
    void aFileOnSn1ThatGoesToSn2() {
        nodes = TestNodes.running(master, "sn1", "sn2");
        master.namespace("one", 1);
        blob = master.put("one/a").blob().id();
    }

    private static Outcome already() {
        return Outcome.of(Outcome.Condition.ALREADY, Outcome.Side.NONE, "it is there");
    }

    private String receipt(String node, TaskMessage task, Fact fact) {
        return TestNodes.receipt(master, node, new Ticket.Errand(task.taskId(), task.attempt()), fact);
    }

    private void tell(ClaimDueTasks.Claimed task, Outcome outcome) {
        TaskMessage message = task.message();
        lab.record(List.of(lab.unsigned(message.taskId(), message.attempt(), outcome)));
    }

    private ClaimDueTasks.Claimed next() {
        master.clock().forward(Duration.ofMinutes(20));
        return lab.claimOne();
    }

    private void assertUnproven(ClaimDueTasks.Claimed task) throws Exception {
        int attempt = task.message().attempt();
        assertThat(lab.task(task.message().taskId(), "state, attempt")).isEqualTo("WAITING " + (attempt + 1));
        assertThat(master.rows(
                        "SELECT outcome FROM task_attempt WHERE task_id = ? AND attempt = ?",
                        task.message().taskId(),
                        attempt))
                .containsExactly("UNPROVEN");
    }

    @Test
    void aCopyIsMadeWhenItsNodeSaysSoForThisAttempt() throws Exception {
        var task = lab.claimOne();
        TaskMessage first = task.message();
        List<Optional<String>> lies = List.of(
                Optional.empty(),
                Optional.of("k1." + "A".repeat(43)),
                Optional.of(receipt("sn1", first, Fact.HERE)),
                Optional.of(receipt("sn2", first, Fact.GONE)),
                Optional.of(receipt("sn2", first, Fact.HERE)));
        for (Optional<String> lie : lies.subList(0, 4)) {
            for (Outcome told : List.of(TaskLab.done(), already())) {
                tell(task, told.with(lie));
                assertUnproven(task);
                assertThat(lab.replica(blob, "sn2")).isEqualTo("PLANNED");
                task = next();
            }
        }
        tell(task, TaskLab.done().with(lies.get(4)));
        assertUnproven(task);
        var last = next();
        tell(last, TaskLab.done().with(Optional.of(receipt("sn2", last.message(), Fact.HERE))));
        assertThat(lab.replica(blob, "sn2")).isEqualTo("VERIFIED");
    }

    @Test
    void aCopyIsForgottenWhenItsNodeSaysThatItIsGone() throws Exception {
        lab.workOff();
        master.get(ChangeNames.class).removeFile(master.admin(), new FileAddress("one", "a"), Conditions.NONE);
        master.clock().forward(TestWiring.DELETE_GRACE);
        for (var deletion : lab.claim()) {
            tell(deletion, TaskLab.done());
            assertUnproven(deletion);
        }
        assertThat(lab.replica(blob, "sn1") + " " + lab.replica(blob, "sn2")).isEqualTo("DELETING DELETING");
        master.clock().forward(Duration.ofMinutes(1));
        lab.workOff();
        assertThat(master.count("SELECT COUNT(*) FROM blob_")).isZero();
    }

    @Test
    void aCopyIsGoodOrBadOrGoneWhenItsNodeSaysSo() throws Exception {
        lab.workOff();
        master.sql("UPDATE replica SET state = 'SUSPECT' WHERE node_id = ?", nodes.id("sn2"));
        master.clock().forward(TestWiring.RESEND_AFTER.plusSeconds(1));
        lab.lead();
        assertThat(master.get(Sweep.class).adoptOrphans()).isEqualTo(1);
        var task = lab.claimOne();
        for (var told : List.of(
                TaskLab.done(), TaskLab.http(Outcome.Side.TARGET, 410), TaskLab.http(Outcome.Side.TARGET, 422))) {
            tell(task, told);
            assertUnproven(task);
            assertThat(lab.replica(blob, "sn2")).isEqualTo("SUSPECT");
            task = next();
        }
        tell(task, TaskLab.http(Outcome.Side.TARGET, 422).with(Optional.of(receipt("sn2", task.message(), Fact.BAD))));
        assertThat(lab.replica(blob, "sn2")).isEqualTo("CORRUPT");
    }

    /** So that operators hear of it. */
    @Test
    void whoGoesOnLyingMakesADeadLetter() throws Exception {
        var task = lab.claimOne();
        for (int attempt = 1; attempt < TestWiring.MAX_ATTEMPTS; attempt++) {
            tell(task, TaskLab.done());
            task = next();
        }
        tell(task, TaskLab.done());
        assertThat(lab.task(task.message().taskId(), "state, reason"))
                .startsWith("DEAD attempts exhausted (10), the last one: UNPROVEN");
    }
}
