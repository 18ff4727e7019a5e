package org.holdfast.master.replication;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.TaskResult;
import org.jspecify.annotations.Nullable;

/** What came back from one attempt at a task. */
@Entity
@Table(name = "task_attempt")
class TaskAttempt {
    private static final int MAX_OUTCOME = 32;

    @EmbeddedId
    Key key;

    String worker;

    @Column(name = "source_node_id")
    @Nullable
    Long sourceNodeId;

    @Column(name = "target_node_id")
    long targetNodeId;

    String outcome;
    String detail;
    long bytes;

    @Column(name = "started_at")
    Instant startedAt;

    @Column(name = "ended_at")
    Instant endedAt;

    TaskAttempt() {}

    TaskAttempt(Task task, TaskResult result) {
        this.key = new Key(task.id, result.attempt());
        this.worker = Task.cut(result.worker(), Task.MAX_WORKER);
        this.sourceNodeId = task.sourceNodeId;
        this.targetNodeId = task.targetNodeId;
        this.outcome = name(result.outcome());
        this.detail = String.valueOf(Task.cut(result.outcome().detail()));
        this.bytes = result.bytes();
        this.startedAt = result.startedAt();
        this.endedAt = result.endedAt();
    }

    private static String name(Outcome outcome) {
        String side = outcome.side() == Outcome.Side.NONE ? "" : "_" + outcome.side();
        String name = outcome.condition() + side + (outcome.status() == 0 ? "" : "_" + outcome.status());
        return Task.cut(name, MAX_OUTCOME);
    }

    /** One attempt of one task. */
    @Embeddable
    static class Key implements Serializable {
        private static final long serialVersionUID = 1L;

        @Column(name = "task_id")
        String taskId;

        int attempt;

        Key() {}

        Key(String taskId, int attempt) {
            this.taskId = taskId;
            this.attempt = attempt;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.attempt == attempt && key.taskId.equals(taskId);
        }

        @Override
        public int hashCode() {
            return Objects.hash(taskId, attempt);
        }
    }
}
