package org.holdfast.master.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.Receipts;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.TaskProgress;
import org.holdfast.contract.TaskQueues;
import org.holdfast.contract.TaskResult;
import org.holdfast.contract.Ticket;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.LocalBroker;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.replication.ClaimDueTasks;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CollectTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final LocalBroker BROKER = new LocalBroker();

    @RegisterExtension
    final TestMaster master = new TestMaster(BROKER.config());

    @BeforeEach
    void twoNodes() {
        var unused = TestNodes.running(master, "sn1", "sn2");
    }

    private RunningLoops running() {
        return new RunningLoops(master.get(Collect.class).loops());
    }

    private List<TaskMessage> sent(String... addresses) {
        for (String address : addresses) {
            assertThat(master.put(address).version()).isEqualTo(1);
        }
        return master.get(ClaimDueTasks.class).claim().stream()
                .map(ClaimDueTasks.Claimed::message)
                .toList();
    }

    private void report(TaskMessage task) {
        var errand = new Ticket.Errand(task.taskId(), task.attempt());
        report(task, Optional.of(TestNodes.receipt(master, task.target().name(), errand, Receipts.Fact.HERE)));
    }

    private void report(TaskMessage task, Optional<String> receipt) {
        Instant now = master.clock().instant();
        var outcome =
                Outcome.of(Outcome.Condition.DONE, Outcome.Side.NONE, "done").with(receipt);
        BROKER.send(
                TaskQueues.RESULTS,
                new TaskResult(task.taskId(), task.attempt(), "worker1", outcome, 1, now, now)
                        .toJson()
                        .toString());
    }

    private void awaitStates(String... states) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(master.rows("SELECT state FROM task ORDER BY path"))
                        .containsExactly(states));
    }

    @Test
    void resultsAreRecordedAndLeaveTheQueue() throws Exception {
        var tasks = sent("admin/a", "admin/b");
        try (var loops = running()) {
            assertThat(loops).isNotNull();
            tasks.forEach(this::report);
            awaitStates("DONE", "DONE");
        }
        // A restart gives back whatever was only lent to a reader.
        BROKER.stop();
        BROKER.start();
        assertThat(BROKER.take(TaskQueues.RESULTS)).isEmpty();
    }

    /** A thief of a worker tells of a copy that nobody has made. */
    @Test
    void whatAStolenWorkerReportsMakesNoCopy() throws Exception {
        var tasks = sent("admin/a", "admin/b");
        var errand = new Ticket.Errand(tasks.get(0).taskId(), 1);
        report(tasks.get(0), Optional.empty());
        // Nor does the receipt of another copy, which was made.
        report(tasks.get(1), Optional.of(TestNodes.receipt(master, "sn2", errand, Receipts.Fact.HERE)));
        try (var loops = running()) {
            assertThat(loops).isNotNull();
            awaitStates("WAITING", "WAITING");
        }
        assertThat(master.rows("SELECT outcome FROM task_attempt")).containsExactly("UNPROVEN", "UNPROVEN");
        assertThat(master.rows("SELECT DISTINCT state FROM replica r JOIN storage_node n ON n.id = r.node_id"
                        + " WHERE n.name = 'sn2'"))
                .containsExactly("PLANNED");
        assertThat(BROKER.take(TaskQueues.RESULTS)).isEmpty();
    }

    @Test
    void aMessageThatNobodyCanReadHoldsNoOtherUp() throws Exception {
        var tasks = sent("admin/a");
        List.of("", "no json", "[]", "{}", "{\"task\":1}", "{\"task\":\"x\",\"attempt\":1,\"outcome\":{}}")
                .forEach(text -> BROKER.send(TaskQueues.RESULTS, text));
        report(tasks.get(0));
        try (var loops = running()) {
            assertThat(loops).isNotNull();
            awaitStates("DONE");
        }
        assertThat(BROKER.take(TaskQueues.RESULTS)).isEmpty();
    }

    @Test
    void aResultThatCanNeverBeStoredHoldsNoOtherUp() throws Exception {
        var tasks = sent("admin/a", "admin/b");
        // No result of ours is like this; whatever a broken one is like, the database must be able to refuse it.
        master.sql("ALTER TABLE task_attempt ADD CONSTRAINT poison CHECK (bytes <> 666)");
        try (var loops = running()) {
            assertThat(loops).isNotNull();
            Instant now = master.clock().instant();
            var outcome = Outcome.of(Outcome.Condition.DONE, Outcome.Side.NONE, "done");
            BROKER.send(
                    TaskQueues.RESULTS,
                    new TaskResult(tasks.get(0).taskId(), 1, "worker1", outcome, 666, now, now)
                            .toJson()
                            .toString());
            report(tasks.get(1));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> master.count("SELECT COUNT(*) FROM task WHERE state = 'DONE'") == 1);
            assertThat(master.rows(
                            "SELECT state FROM task WHERE id = ?", tasks.get(0).taskId()))
                    .containsExactly("QUEUED");
        } finally {
            master.sql("ALTER TABLE task_attempt DROP CONSTRAINT poison");
        }
        assertThat(BROKER.take(TaskQueues.RESULTS)).isEmpty();
    }

    @Test
    void whatCouldNotBeRecordedComesAgain() throws Exception {
        var tasks = sent("admin/a");
        master.sql("RENAME TABLE task_attempt TO task_attempt_away");
        try (var loops = running()) {
            assertThat(loops).isNotNull();
            report(tasks.get(0));
            Awaitility.await()
                    .during(Duration.ofMillis(500))
                    .atMost(PATIENCE)
                    .until(() -> master.rows("SELECT state FROM task").equals(List.of("QUEUED")));
            master.sql("RENAME TABLE task_attempt_away TO task_attempt");
            awaitStates("DONE");
        } finally {
            if (master.rows("SHOW TABLES LIKE 'task_attempt'").isEmpty()) {
                master.sql("RENAME TABLE task_attempt_away TO task_attempt");
            }
        }
    }

    @Test
    void aTaskThatKilledItsWorkersIsTriedAgain() throws Exception {
        var tasks = sent("admin/a");
        BROKER.send(TaskQueues.DEAD, tasks.get(0).toJson().toString());
        try (var loops = running()) {
            assertThat(loops).isNotNull();
            awaitStates("WAITING");
        }
        assertThat(master.rows("SELECT worker, outcome FROM task_attempt")).containsExactly("unknown WORKER_LOST");
    }

    @Test
    void progressIsNoted() throws Exception {
        var tasks = sent("admin/a");
        BROKER.send(TaskQueues.PROGRESS, "{\"task\":\"" + tasks.get(0).taskId() + "\"}");
        BROKER.send(
                TaskQueues.PROGRESS,
                new TaskProgress(tasks.get(0).taskId(), 1, "worker1", 1, 2, 3)
                        .toJson()
                        .toString());
        try (var loops = running()) {
            assertThat(loops).isNotNull();
            awaitStates("RUNNING");
        }
    }

    @Test
    void resultsWaitForTheMasterWhileTheBrokerRestarts() throws Exception {
        var tasks = sent("admin/a", "admin/b");
        try (var loops = running()) {
            assertThat(loops).isNotNull();
            report(tasks.get(0));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> master.count("SELECT COUNT(*) FROM task WHERE state = 'DONE'") == 1);
            BROKER.stop();
            BROKER.start();
            report(tasks.get(1));
            awaitStates("DONE", "DONE");
        }
    }
}
