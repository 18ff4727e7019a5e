package org.holdfast.master.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.TaskResult;
import org.holdfast.master.catalog.ChangeNames;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.database.Contention;
import org.holdfast.master.fixture.AtOnce;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecordResultsTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final TaskLab lab = new TaskLab(master);
    private TestNodes nodes = new TestNodes(master);
    private BlobId blob = BlobId.next(master.clock());

    /** One copy is wanted besides the one on sn1: on sn2 or on sn3. */
    @BeforeEach
    void aFileWithOneReplicaOnThreeNodes() {
        nodes = TestNodes.running(master, "sn1", "sn2", "sn3");
        master.namespace("one", 1);
        blob = master.put("one/a").blob().id();
    }

    private static Outcome of(Outcome.Condition condition) {
        return Outcome.of(condition, Outcome.Side.NONE, "it was " + condition);
    }

    private String columns(ClaimDueTasks.Claimed task, String columns) throws Exception {
        return lab.task(task.message().taskId(), columns);
    }

    private Duration wait(ClaimDueTasks.Claimed task) throws Exception {
        var due = java.sql.Timestamp.valueOf(columns(task, "not_before")).toLocalDateTime();
        return Duration.between(master.clock().instant(), due.toInstant(java.time.ZoneOffset.UTC));
    }

    private void removeFile() {
        master.get(ChangeNames.class).removeFile(master.admin(), new FileAddress("one", "a"), Conditions.NONE);
    }

    @Test
    void doneVerifiesTheReplica() throws Exception {
        var task = lab.claimOne();
        master.clock().forward(Duration.ofSeconds(3));
        lab.report(task, TaskLab.done());
        assertThat(columns(task, "state, attempt, sent_at, reason")).isEqualTo("DONE 1 - -");
        assertThat(lab.replica(blob, task.message().target().name())).isEqualTo("VERIFIED");
        assertThat(master.rows("SELECT verified_at, changed_at FROM replica WHERE priority = 1"))
                .containsExactly("2026-03-01 12:00:03.000000 2026-03-01 12:00:03.000000");
        assertThat(master.rows(
                        "SELECT attempt, worker, outcome, detail, bytes, started_at, ended_at FROM task_attempt"))
                .containsExactly("1 worker1 DONE done 7 2026-03-01 12:00:02.000000 2026-03-01 12:00:03.000000");
    }

    @Test
    void aTransientFailureIsTriedAgainAfterABackOff() throws Exception {
        var task = lab.claimOne();
        lab.report(task, of(Outcome.Condition.RESET));
        assertThat(columns(task, "state, attempt, first_attempt, sent_at, reason"))
                .isEqualTo("WAITING 2 1 - it was RESET");
        assertThat(wait(task)).isBetween(Duration.ofMillis(800), Duration.ofMillis(1_200));
        assertThat(lab.replica(blob, task.message().target().name())).isEqualTo("PLANNED");
        var again = lab.claimOne();
        assertThat(again.message().taskId()).isEqualTo(task.message().taskId());
        assertThat(again.message().attempt()).isEqualTo(2);
        lab.report(again, of(Outcome.Condition.TIMEOUT));
        assertThat(wait(task)).isBetween(Duration.ofMillis(1_600), Duration.ofMillis(2_400));
    }

    @Test
    void attemptsExhaustedIsADeadLetter() throws Exception {
        var task = lab.claimOne();
        for (int attempt = 1; attempt <= TestWiring.MAX_ATTEMPTS; attempt++) {
            assertThat(columns(task, "attempt")).isEqualTo(Integer.toString(attempt));
            lab.record(List.of(lab.result(task.message().taskId(), attempt, of(Outcome.Condition.STALL))));
        }
        assertThat(columns(task, "state, attempt, reason"))
                .isEqualTo("DEAD 10 attempts exhausted (10), the last one: STALL: it was STALL");
        assertThat(lab.claim()).isEmpty();
        // A person gives it another ten.
        var view = master.get(TaskDesk.class).retry(task.message().taskId());
        assertThat(view.attempt()).isEqualTo(11);
        lab.report(lab.claimOne(), of(Outcome.Condition.STALL));
        assertThat(columns(task, "state")).isEqualTo("WAITING");
        assertThat(master.count("SELECT COUNT(*) FROM task_attempt")).isEqualTo(11);
    }

    @Test
    void aTaskThatIsHandedBackUsesUpNoAttempts() throws Exception {
        var task = lab.claimOne();
        for (int i = 0; i < 3 * TestWiring.MAX_ATTEMPTS; i++) {
            lab.report(i == 0 ? task : lab.claimOne(), of(Outcome.Condition.HANDED_BACK));
            assertThat(columns(task, "state")).isEqualTo("QUEUED");
        }
        lab.report(lab.claimOne(), of(Outcome.Condition.RESET));
        assertThat(columns(task, "state, attempt - first_attempt")).isEqualTo("WAITING 1");
    }

    @Test
    void aTaskThatKillsWorkersIsTriedAgainAndThenDead() throws Exception {
        var task = lab.claimOne();
        lab.report(task, of(Outcome.Condition.WORKER_LOST));
        assertThat(columns(task, "state, first_attempt")).isEqualTo("WAITING 1");
        master.sql("UPDATE task SET attempt = 10");
        lab.record(List.of(lab.result(task.message().taskId(), 10, of(Outcome.Condition.WORKER_LOST))));
        assertThat(columns(task, "state")).isEqualTo("DEAD");
    }

    @Test
    void anAnswerThatNoRetryMendsIsADeadLetterAtOnce() throws Exception {
        var task = lab.claimOne();
        lab.report(task, TaskLab.http(Outcome.Side.TARGET, 401));
        assertThat(columns(task, "state, attempt")).isEqualTo("DEAD 1");
        assertThat(columns(task, "reason")).contains("401", "TARGET said 401");
        assertThat(master.rows("SELECT outcome FROM task_attempt")).containsExactly("HTTP_TARGET_401");
    }

    @Test
    void aFullTargetMovesTheCopyToAnotherNode() throws Exception {
        var task = lab.claimOne();
        String full = task.message().target().name();
        String other = full.equals("sn2") ? "sn3" : "sn2";
        lab.report(task, TaskLab.http(Outcome.Side.TARGET, 507));
        assertThat(lab.replica(blob, full)).isEqualTo("none");
        assertThat(lab.replica(blob, other)).isEqualTo("PLANNED");
        assertThat(master.rows("SELECT priority FROM replica ORDER BY priority"))
                .containsExactly("0", "1");
        var again = lab.claimOne();
        assertThat(again.message().taskId()).isEqualTo(task.message().taskId());
        assertThat(again.message().target().name()).isEqualTo(other);
        assertThat(again.message().attempt()).isEqualTo(2);
        assertThat(master.rows("SELECT n.name FROM task_attempt a JOIN storage_node n ON n.id = a.target_node_id"))
                .as("the attempt remembers where it failed")
                .containsExactly(full);
    }

    @Test
    void whenEveryNodeIsFullTheCopyWaitsForRoom() throws Exception {
        var task = lab.claimOne();
        String full = task.message().target().name();
        nodes.turn(full.equals("sn2") ? "sn3" : "sn2", NodeStatus.DOWN);
        lab.report(task, TaskLab.http(Outcome.Side.TARGET, 507));
        assertThat(columns(task, "state, attempt - first_attempt")).isEqualTo("WAITING 0");
        assertThat(columns(task, "reason")).endsWith("no other node has room");
        assertThat(wait(task)).isEqualTo(Duration.ofMinutes(1));
        assertThat(lab.replica(blob, full)).isEqualTo("PLANNED");
    }

    @Test
    void aSourceInDoubtMustProveItselfAndTheLastOneIsReadUntilThen() throws Exception {
        var task = lab.claimOne();
        lab.report(task, TaskLab.http(Outcome.Side.SOURCE, 404));
        assertThat(columns(task, "state, attempt")).isEqualTo("WAITING 2");
        assertThat(lab.replica(blob, "sn1")).isEqualTo("VERIFIED");
        assertThat(verifications()).containsExactly("QUEUED sn1");
        var claimed = lab.claim();
        // A second doubt meanwhile asks nothing new.
        lab.report(of(TaskMessage.Kind.REPLICATE, claimed), TaskLab.http(Outcome.Side.TARGET, 422));
        assertThat(verifications()).containsExactly("QUEUED sn1");
        lab.report(of(TaskMessage.Kind.VERIFY, claimed), TaskLab.http(Outcome.Side.TARGET, 410));
        assertThat(lab.replica(blob, "sn1")).isEqualTo("LOST");
    }

    @Test
    void aSourceInDoubtIsNotReadWhileThereIsAnother() throws Exception {
        lab.workOff();
        String holder = lab.replica(blob, "sn2").equals("VERIFIED") ? "sn2" : "sn3";
        String target = holder.equals("sn2") ? "sn3" : "sn2";
        master.sql("UPDATE namespace SET replica_count = 2 WHERE name = 'one'");
        var unused = Contention.retry(() -> master.get(MendCopies.class).mend(List.of(blob.value())));
        var task = lab.claimOne();
        String source = task.message().source().orElseThrow().name();
        String other = source.equals("sn1") ? holder : "sn1";
        lab.report(task, TaskLab.http(Outcome.Side.SOURCE, 404));
        assertThat(lab.replica(blob, source)).isEqualTo("SUSPECT");
        var claimed = lab.claim();
        var again = of(TaskMessage.Kind.REPLICATE, claimed);
        assertThat(again.message().source().orElseThrow().name()).isEqualTo(other);
        lab.report(again, TaskLab.http(Outcome.Side.TARGET, 422));
        assertThat(lab.replica(blob, other)).as("the last one that can be read").isEqualTo("VERIFIED");
        lab.report(of(TaskMessage.Kind.VERIFY, claimed), TaskLab.done());
        lab.workOff();
        master.clock().forward(Duration.ofSeconds(5));
        lab.workOff();
        for (String node : List.of(source, other, target)) {
            assertThat(lab.replica(blob, node)).isEqualTo("VERIFIED");
        }
    }

    private static ClaimDueTasks.Claimed of(TaskMessage.Kind kind, List<ClaimDueTasks.Claimed> claimed) {
        return claimed.stream()
                .filter(task -> task.message().kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private List<String> verifications() throws Exception {
        return master.rows("SELECT t.state, n.name FROM task t JOIN storage_node n ON n.id = t.target_node_id"
                + " WHERE kind = 'VERIFY'");
    }

    @Test
    void aSourceIsInDoubtAlsoWhenTheTaskDies() throws Exception {
        var task = lab.claimOne();
        master.sql("UPDATE task SET attempt = 10");
        lab.record(List.of(lab.result(task.message().taskId(), 10, TaskLab.http(Outcome.Side.SOURCE, 422))));
        assertThat(columns(task, "state")).isEqualTo("DEAD");
        assertThat(verifications()).containsExactly("QUEUED sn1");
    }

    @Test
    void whenTheTargetGotOtherBytesTheSourceIsVerifiedFirst() throws Exception {
        var task = lab.claimOne();
        lab.report(task, TaskLab.http(Outcome.Side.TARGET, 422));
        assertThat(columns(task, "state, attempt")).isEqualTo("WAITING 2");
        assertThat(lab.claim().get(0).message().kind()).isEqualTo(TaskMessage.Kind.VERIFY);
    }

    @Test
    void aVerificationTellsABadCopyFromAMissingOneAndTheSweeperMakesItAgain() throws Exception {
        lab.report(lab.claimOne(), TaskLab.done());
        String holder = lab.replica(blob, "sn2").equals("VERIFIED") ? "sn2" : "sn3";
        for (var told : List.of(422, 410)) {
            master.sql("UPDATE replica SET state = 'SUSPECT' WHERE node_id = ?", nodes.id(holder));
            master.clock().forward(TestWiring.RESEND_AFTER.plusSeconds(1));
            lab.lead();
            assertThat(master.get(Sweep.class).adoptOrphans()).isEqualTo(1);
            var verification = lab.claimOne();
            lab.report(verification, TaskLab.http(Outcome.Side.TARGET, told));
            assertThat(columns(verification, "state")).isEqualTo("DONE");
            assertThat(lab.replica(blob, holder)).isEqualTo(told == 422 ? "CORRUPT" : "LOST");
            master.clock().forward(TestWiring.RESEND_AFTER.plusSeconds(1));
            lab.lead();
            assertThat(master.get(Sweep.class).adoptOrphans()).isEqualTo(1);
            var copy = lab.claimOne();
            assertThat(copy.message().kind() + " " + copy.message().target().name())
                    .isEqualTo("REPLICATE " + holder);
            assertThat(copy.message().source().orElseThrow().name()).isEqualTo("sn1");
            lab.report(copy, TaskLab.done());
            assertThat(lab.replica(blob, holder)).isEqualTo("VERIFIED");
        }
    }

    @Test
    void resultsOfAttemptsThatAreOverChangeNothing() throws Exception {
        var task = lab.claimOne();
        lab.report(task, of(Outcome.Condition.RESET));
        String after = columns(task, "state, attempt, not_before");
        lab.report(task, of(Outcome.Condition.RESET));
        lab.report(task, TaskLab.done());
        lab.record(List.of(lab.result(task.message().taskId(), 3, TaskLab.done())));
        lab.record(List.of(lab.result("0".repeat(26), 1, TaskLab.done())));
        assertThat(columns(task, "state, attempt, not_before")).isEqualTo(after);
        var again = lab.claimOne();
        lab.report(again, TaskLab.done());
        lab.report(again, of(Outcome.Condition.RESET));
        assertThat(columns(task, "state, attempt")).isEqualTo("DONE 2");
        assertThat(master.count("SELECT COUNT(*) FROM task_attempt")).isEqualTo(2);
    }

    @Test
    void aCancelledTasksOutcomeIsNotedOnceAndChangesNothingElse() throws Exception {
        var task = lab.claimOne();
        var unused = master.get(TaskDesk.class).cancel(task.message().taskId());
        lab.report(task, of(Outcome.Condition.RESET));
        lab.report(task, of(Outcome.Condition.RESET));
        assertThat(columns(task, "state, attempt, reason")).isEqualTo("CANCELLED 1 cancelled by hand");
        assertThat(master.count("SELECT COUNT(*) FROM task_attempt")).isEqualTo(1);
        assertThat(lab.claim()).isEmpty();
    }

    @Test
    void aCopyThatLandsAfterItsFileWasDeletedGoesAgain() throws Exception {
        var task = lab.claimOne();
        removeFile();
        assertThat(columns(task, "state")).isEqualTo("CANCELLED");
        lab.report(task, TaskLab.done());
        lab.report(task, TaskLab.done());
        long target = nodes.id(task.message().target().name());
        assertThat(lab.replica(blob, task.message().target().name())).isEqualTo("DELETING");
        assertThat(master.count("SELECT COUNT(*) FROM task WHERE kind = 'DELETE' AND target_node_id = ?", target))
                .as("one when the file was deleted, one because the copy has landed")
                .isEqualTo(2);
        master.clock().forward(TestWiring.DELETE_GRACE);
        lab.workOff();
        assertThat(master.count("SELECT COUNT(*) FROM replica")).isZero();
        assertThat(master.count("SELECT COUNT(*) FROM blob_")).isZero();
    }

    @Test
    void aCopyThatLandsAfterItsBlobWasForgottenGoesAgain() throws Exception {
        var slow = lab.claimOne();
        removeFile();
        master.clock().forward(TestWiring.DELETE_GRACE);
        lab.workOff();
        assertThat(master.count("SELECT COUNT(*) FROM blob_")).isZero();
        lab.report(slow, TaskLab.done());
        master.clock().forward(TestWiring.DELETE_GRACE);
        var deletion = lab.claimOne().message();
        assertThat(deletion.kind() + " " + deletion.blob().id() + " "
                        + deletion.target().name())
                .isEqualTo("DELETE " + blob + " " + slow.message().target().name());
    }

    @Test
    void aDeletionForgetsTheReplicaAndTheLastOneTheBlob() throws Exception {
        lab.report(lab.claimOne(), TaskLab.done());
        removeFile();
        assertThat(lab.claim()).as("the grace").isEmpty();
        master.clock().forward(TestWiring.DELETE_GRACE);
        var deletions = lab.claim();
        assertThat(deletions).hasSize(2);
        lab.report(deletions.get(0), TaskLab.done());
        assertThat(lab.replica(blob, deletions.get(0).message().target().name()))
                .isEqualTo("none");
        assertThat(master.count("SELECT COUNT(*) FROM blob_")).isEqualTo(1);
        lab.report(deletions.get(1), of(Outcome.Condition.ALREADY));
        assertThat(master.count("SELECT COUNT(*) FROM replica")).isZero();
        assertThat(master.count("SELECT COUNT(*) FROM blob_")).isZero();
        assertThat(master.rows("SELECT DISTINCT state FROM task WHERE kind = 'DELETE'"))
                .containsExactly("DONE");
    }

    @Test
    void aDeletionThatFailsIsTriedAgain() throws Exception {
        removeFile();
        master.clock().forward(TestWiring.DELETE_GRACE);
        var deletion = lab.claim().get(0);
        lab.report(deletion, of(Outcome.Condition.REFUSED));
        assertThat(columns(deletion, "state, attempt")).isEqualTo("WAITING 2");
        assertThat(lab.replica(blob, deletion.message().target().name())).isEqualTo("DELETING");
    }

    @Test
    void progressShowsWhoIsAtItAndHowFar() throws Exception {
        var task = lab.claimOne();
        master.clock().forward(Duration.ofSeconds(1));
        lab.progress(task, 40);
        assertThat(columns(task, "state, changed_at")).isEqualTo("RUNNING 2026-03-01 12:00:01.000000");
        var told = master.get(TaskDesk.class)
                .get(task.message().taskId())
                .progress()
                .orElseThrow();
        assertThat(told)
                .isEqualTo(new TaskDesk.Progress(
                        "worker1", 40, 100, 10, master.clock().instant()));
        lab.report(task, of(Outcome.Condition.RESET));
        // Late news of an attempt that is over.
        lab.progress(task, 50);
        assertThat(columns(task, "state, bytes_done, worker")).isEqualTo("WAITING - -");
        master.clock().forward(Duration.ofSeconds(5));
        assertThat(lab.claimOne().message().attempt()).isEqualTo(2);
        lab.progress(task, 60);
        assertThat(columns(task, "state, bytes_done")).isEqualTo("QUEUED -");
    }

    @Test
    void resultsOfAnyLengthAreStored() throws Exception {
        var task = lab.claimOne();
        var endless = new Outcome(
                Outcome.Condition.UNKNOWN_MESSAGE,
                Outcome.Side.SOURCE,
                Integer.MAX_VALUE,
                Optional.empty(),
                "x".repeat(2_000));
        lab.record(List.of(new TaskResult(
                task.message().taskId(), 1, "w".repeat(500), endless, Long.MAX_VALUE, Instant.MIN, Instant.MAX)));
        assertThat(columns(task, "state")).isEqualTo("DEAD");
        assertThat(master.rows(
                        "SELECT CHAR_LENGTH(worker), CHAR_LENGTH(outcome), CHAR_LENGTH(detail) FROM task_attempt"))
                .containsExactly("64 32 500");
    }

    @Test
    void twoRecordersOfTheSameResultsRecordEachOnce() throws Exception {
        int tasks = 1_000;
        lab.manyTasks(tasks, nodes.id("sn1"), nodes.id("sn2"));
        List<TaskResult> results = new ArrayList<>();
        for (var batch = lab.claim(); !batch.isEmpty(); batch = lab.claim()) {
            batch.forEach(task -> results.add(lab.result(task, TaskLab.done())));
        }
        assertThat(results).hasSize(tasks + 1);
        var unused = AtOnce.run(2, i -> () -> {
            for (int from = 0; from < results.size(); from += 50) {
                var batch = new ArrayList<>(results.subList(from, Math.min(from + 50, results.size())));
                java.util.Collections.shuffle(batch, new java.util.Random(i));
                lab.record(batch);
            }
            return true;
        });
        assertThat(master.rows("SELECT state, COUNT(*) FROM task GROUP BY state"))
                .containsExactly("DONE " + (tasks + 1));
        assertThat(master.count("SELECT COUNT(*) FROM task_attempt")).isEqualTo(tasks + 1);
        assertThat(master.count("SELECT COUNT(*) FROM replica WHERE state <> 'VERIFIED'"))
                .isZero();
    }
}
