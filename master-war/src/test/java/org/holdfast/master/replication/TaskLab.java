package org.holdfast.master.replication;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.TaskProgress;
import org.holdfast.contract.TaskResult;
import org.holdfast.contract.Ticket;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.database.Contention;
import org.holdfast.master.fixture.TestMaster;

/** Plays broker and worker: claims what is due, reports what a test wants to have happened. */
final class TaskLab {
    private final TestMaster master;

    TaskLab(TestMaster master) {
        this.master = master;
    }

    List<ClaimDueTasks.Claimed> claim() {
        return Contention.retry(() -> master.get(ClaimDueTasks.class).claim());
    }

    List<String> claimedIds() {
        return claim().stream().map(claimed -> claimed.message().taskId()).toList();
    }

    /** The only task that is due, claimed. */
    ClaimDueTasks.Claimed claimOne() {
        List<ClaimDueTasks.Claimed> claimed = claim();
        if (claimed.size() != 1) {
            throw new AssertionError("expected one task, not " + claimed);
        }
        return claimed.get(0);
    }

    static Outcome done() {
        return Outcome.of(Outcome.Condition.DONE, Outcome.Side.NONE, "done");
    }

    static Outcome http(Outcome.Side side, int status) {
        return new Outcome(Outcome.Condition.HTTP, side, status, Optional.empty(), side + " said " + status);
    }

    /** What an honest worker reports: with the receipt of the target, where the outcome says how it is with its copy. */
    TaskResult result(ClaimDueTasks.Claimed task, Outcome outcome) {
        TaskMessage message = task.message();
        return result(
                message.taskId(),
                message.attempt(),
                message.kind(),
                message.target().name(),
                outcome);
    }

    /** As {@link #result(ClaimDueTasks.Claimed, Outcome)}. */
    TaskResult result(String taskId, int attempt, Outcome outcome) {
        try {
            var known = master.rows(
                    "SELECT kind, n.name FROM task t JOIN storage_node n ON n.id = t.target_node_id WHERE t.id = ?",
                    taskId);
            if (known.isEmpty()) {
                return unsigned(taskId, attempt, outcome);
            }
            String[] columns = known.get(0).split(" ", 2);
            return result(taskId, attempt, TaskMessage.Kind.valueOf(columns[0]), columns[1], outcome);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private TaskResult result(String taskId, int attempt, TaskMessage.Kind kind, String target, Outcome outcome) {
        var errand = new Ticket.Errand(taskId, attempt);
        return unsigned(
                taskId,
                attempt,
                outcome.with(CheckReceipts.claimed(kind, outcome)
                        .map(fact -> TestNodes.receipt(master, target, errand, fact))));
    }

    /** What any worker can report. */
    TaskResult unsigned(String taskId, int attempt, Outcome outcome) {
        var now = master.clock().instant();
        return new TaskResult(taskId, attempt, "worker1", outcome, 7, now.minus(Duration.ofSeconds(1)), now);
    }

    void report(ClaimDueTasks.Claimed task, Outcome outcome) {
        record(List.of(result(task, outcome)));
    }

    /** What a worker tells of an attempt that is under way. */
    void progress(ClaimDueTasks.Claimed task, long bytes) {
        TaskMessage message = task.message();
        var told = new TaskProgress(message.taskId(), message.attempt(), "worker1", bytes, 100, 10);
        Contention.retryRun(() -> master.get(RecordResults.class).recordProgress(List.of(told)));
    }

    void record(List<TaskResult> results) {
        var changed = Contention.retry(() -> master.get(RecordResults.class).record(results));
        var unused = Contention.retry(() -> master.get(MendCopies.class).mend(changed));
    }

    /** Claims and carries out everything that is due, until nothing is. */
    void workOff() {
        for (var tasks = claim(); !tasks.isEmpty(); tasks = claim()) {
            record(tasks.stream().map(task -> result(task, done())).toList());
        }
    }

    /** Makes this master the leader for the next seconds. */
    void lead() {
        if (!master.get(Leadership.class).seek()) {
            throw new AssertionError("somebody else leads");
        }
    }

    /** Walks until no walk has a page left that is due. */
    void walk() {
        lead();
        for (var due = due(); !due.isEmpty(); due = due()) {
            due.forEach(walk ->
                    Contention.retryRun(() -> master.get(WalkCopies.class).step(walk)));
        }
    }

    List<Walks.Due> due() {
        return Contention.retry(() -> master.get(Walks.class).due());
    }

    /** As {@link #walk()}, but every pass that rests begins anew. */
    void walkAnew() throws SQLException {
        master.sql("UPDATE walk SET next_at = '2026-01-01'");
        walk();
    }

    /** Columns of a task. */
    String task(String id, String columns) throws SQLException {
        return master.rows("SELECT " + columns + " FROM task WHERE id = ?", id).get(0);
    }

    /** State of a blob's copy on a node, or the word none. */
    String replica(BlobId blob, String node) throws SQLException {
        return master
                .rows(
                        "SELECT state FROM replica r JOIN storage_node n ON n.id = r.node_id"
                                + " WHERE r.blob_id = ? AND n.name = ?",
                        blob.value(),
                        node)
                .stream()
                .findFirst()
                .orElse("none");
    }

    /**
     * Many files with a verified copy on one node and a task to copy them to another, by SQL. The ids of blobs and tasks
     * end with their number, from 1.
     */
    void manyTasks(int count, long from, long to) throws SQLException {
        String blob = "CONCAT('B0000000000000000000', LPAD(seq, 6, '0'))";
        String seq = " FROM seq_1_to_" + count;
        master.sql("INSERT INTO blob_ (id, size, md5, sha256, created_at) SELECT " + blob + ", 1, REPEAT('ab', 16),"
                + " REPEAT('ab', 32), '2026-03-01'" + seq);
        master.sql("INSERT INTO replica (blob_id, node_id, priority, state, changed_at) SELECT " + blob + ", " + from
                + ", 0, 'VERIFIED', '2026-03-01'" + seq);
        master.sql("INSERT INTO replica (blob_id, node_id, priority, state, changed_at) SELECT " + blob + ", " + to
                + ", 1, 'PLANNED', '2026-03-01'" + seq);
        master.sql("INSERT INTO task (id, kind, state, urgency, blob_id, target_node_id, path, attempt, first_attempt,"
                + " not_before, created_at, changed_at) SELECT CONCAT('T0000000000000000000', LPAD(seq, 6, '0')),"
                + " 'REPLICATE', 'QUEUED', 1, " + blob + ", " + to + ", CONCAT('admin/f', seq), 1, 1, '2026-03-01',"
                + " '2026-03-01', '2026-03-01'" + seq);
    }

    /**
     * Many files of a namespace with verified copies on these nodes, by SQL; the first is the origin's. The ids of blobs
     * end with their number, which goes from {@code first} to {@code last}.
     */
    void manyFiles(String namespace, int first, int last, long... nodes) throws SQLException {
        String seq = " FROM seq_" + first + "_to_" + last;
        String blob = "CONCAT('B0000000000000000000', LPAD(seq, 6, '0'))";
        String id = "1000000 + seq";
        master.sql("INSERT INTO blob_ (id, size, md5, sha256, created_at) SELECT " + blob + ", 1, REPEAT('ab', 16),"
                + " REPEAT('ab', 32), '2026-03-01'" + seq);
        master.sql("INSERT INTO file (id, folder_id, name, version_id, created_at) SELECT " + id
                + ", (SELECT d.id FROM folder d JOIN namespace n ON n.id = d.namespace_id WHERE d.path = ''"
                + " AND n.name = '" + namespace + "'), CONCAT('f', seq), " + id + ", '2026-03-01'" + seq);
        master.sql(
                "INSERT INTO file_version (id, file_id, number, blob_id, content_type, account_id, created_at) SELECT "
                        + id + ", " + id + ", 1, " + blob + ", 'text/plain', "
                        + master.admin().accountId()
                        + ", '2026-03-01'" + seq);
        for (int priority = 0; priority < nodes.length; priority++) {
            master.sql("INSERT INTO replica (blob_id, node_id, priority, state, verified_at, changed_at) SELECT " + blob
                    + ", " + nodes[priority] + ", " + priority + ", 'VERIFIED', '2026-03-01', '2026-03-01'" + seq);
        }
    }

    /** How many copies are in which state on a node: {@code 3 VERIFIED 1 PLANNED}. */
    String copiesOn(String node) throws SQLException {
        return String.join(
                " ",
                master.rows(
                        "SELECT COUNT(*), state FROM replica r JOIN storage_node n ON n.id = r.node_id"
                                + " WHERE n.name = ? GROUP BY state ORDER BY state",
                        node));
    }
}
