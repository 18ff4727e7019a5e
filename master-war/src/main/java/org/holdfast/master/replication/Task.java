package org.holdfast.master.replication;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.holdfast.contract.TaskMessage;
import org.jspecify.annotations.Nullable;

/** Work that must be done, whatever becomes of the broker. */
@Entity
@Table(name = "task")
class Task {
    private static final int MAX_REASON = 500;

    @Id
    String id;

    @Enumerated(EnumType.STRING)
    TaskMessage.Kind kind;

    @Enumerated(EnumType.STRING)
    TaskState state;

    int urgency;

    @Column(name = "blob_id")
    String blobId;

    @Column(name = "source_node_id")
    @Nullable
    Long sourceNodeId;

    @Column(name = "target_node_id")
    long targetNodeId;

    String path;
    int attempt = 1;

    @Column(name = "first_attempt")
    int firstAttempt = 1;

    @Column(name = "not_before")
    Instant notBefore;

    @Column(name = "sent_at")
    @Nullable
    Instant sentAt;

    @Nullable
    String reason;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "changed_at")
    Instant changedAt;

    Task() {}

    /** What a task is about. */
    record Subject(TaskMessage.Kind kind, Urgency urgency, String blobId, long targetNodeId, String path) {}

    Task(String id, Subject subject, Instant now, Instant notBefore) {
        this.id = id;
        this.kind = subject.kind;
        this.state = TaskState.QUEUED;
        this.urgency = subject.urgency.column();
        this.blobId = subject.blobId;
        this.targetNodeId = subject.targetNodeId;
        this.path = subject.path;
        this.notBefore = notBefore;
        this.createdAt = now;
        this.changedAt = now;
    }

    /** Ends the task, or the chain of its attempts. */
    void end(TaskState last, @Nullable String why, Instant now) {
        state = last;
        reason = cut(why);
        sentAt = null;
        changedAt = now;
    }

    /** Makes the next attempt due. */
    void again(Instant due, String why, Instant now) {
        state = due.isAfter(now) ? TaskState.WAITING : TaskState.QUEUED;
        attempt++;
        notBefore = due;
        sentAt = null;
        reason = cut(why);
        changedAt = now;
    }

    static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON);
    }
}
