package org.holdfast.master.replication;

/** Where a task is in its life. */
public enum TaskState {
    /** To be sent to the broker, or sent and waiting for a worker. */
    QUEUED,
    /** A worker has reported progress. */
    RUNNING,
    /** Waits for its next attempt. */
    WAITING,
    DONE,
    /** Given up; a person decides. */
    DEAD,
    CANCELLED;

    /** Whether something is still going to happen by itself. */
    public boolean isOpen() {
        return this == QUEUED || this == RUNNING || this == WAITING;
    }
}
