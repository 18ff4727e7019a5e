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
    CANCELLED,
    /** Given up, and a person has taken note: the copy is not tried again unless that person says so. */
    DISMISSED;

    /** Whether something is still going to happen by itself. */
    public boolean isOpen() {
        return this == QUEUED || this == RUNNING || this == WAITING;
    }
}
