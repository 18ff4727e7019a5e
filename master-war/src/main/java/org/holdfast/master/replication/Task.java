package org.holdfast.master.replication;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.TaskProgress;
import org.jspecify.annotations.Nullable;

/** Work that must be done, whatever becomes of the broker. */
@Entity
@Table(name = "task")
class Task {
    /** Characters of a worker's name that are kept. */
    static final int MAX_WORKER = 64;

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

    /** How often the current attempt was sent again, because nothing was heard of it. */
    int resent;

    @Nullable
    String worker;

    @Column(name = "bytes_done")
    @Nullable
    Long bytesDone;

    @Column(name = "bytes_total")
    @Nullable
    Long bytesTotal;

    @Column(name = "bytes_per_second")
    @Nullable
    Long bytesPerSecond;

    @Column(name = "progress_at")
    @Nullable
    Instant progressAt;

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
        forgetSending();
        changedAt = now;
    }

    /** Makes the next attempt due. */
    void again(Instant due, String why, Instant now) {
        state = due.isAfter(now) ? TaskState.WAITING : TaskState.QUEUED;
        attempt++;
        notBefore = due;
        forgetSending();
        reason = cut(why);
        changedAt = now;
    }

    private void forgetSending() {
        sentAt = null;
        resent = 0;
        worker = null;
        bytesDone = null;
        bytesTotal = null;
        bytesPerSecond = null;
        progressAt = null;
    }

    /** How far the current attempt is, as its worker told. */
    void progress(TaskProgress told, Instant now) {
        state = TaskState.RUNNING;
        worker = cut(told.worker(), MAX_WORKER);
        bytesDone = told.bytes();
        bytesTotal = told.sizeBytes();
        bytesPerSecond = told.bytesPerSecond();
        progressAt = now;
        changedAt = now;
    }

    static @Nullable String cut(@Nullable String text) {
        return text == null ? null : cut(text, MAX_REASON);
    }

    /** At most so many characters: a long name must not keep a result from being stored. */
    static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
