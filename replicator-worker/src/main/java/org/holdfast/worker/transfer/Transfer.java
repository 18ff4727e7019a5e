package org.holdfast.worker.transfer;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An attempt that is under way, as others may see and stop it. One thread works; any thread may read the progress or
 * abort.
 */
public final class Transfer {
    private final String taskId;
    private final int attempt;
    private final long sizeBytes;
    private final Instant startedAt;
    private final List<Closeable> connections = new CopyOnWriteArrayList<>();
    private volatile long movedBytes;
    private volatile boolean aborted;
    private volatile boolean cancelled;

    Transfer(String taskId, int attempt, long sizeBytes, Instant startedAt) {
        this.taskId = taskId;
        this.attempt = attempt;
        this.sizeBytes = sizeBytes;
        this.startedAt = startedAt;
    }

    public String taskId() {
        return taskId;
    }

    public int attempt() {
        return attempt;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    public Instant startedAt() {
        return startedAt;
    }

    /** Bytes that the target's connection has taken so far. */
    public long movedBytes() {
        return movedBytes;
    }

    public boolean isAborted() {
        return aborted;
    }

    /** Whether nobody wants the attempt any more, now or later. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Tells the total so far; called by the working thread only. */
    void moved(long totalBytes) {
        movedBytes = totalBytes;
    }

    /** Has a connection broken on {@link #abort}, which ends a read or write that blocks on it. */
    <C extends Closeable> C breaking(C connection) {
        connections.add(connection);
        if (aborted) {
            abort();
        }
        return connection;
    }

    /** Ends the attempt soon, from another thread: a person has cancelled it. */
    void cancel() {
        cancelled = true;
        abort();
    }

    /** Ends the attempt soon, from another thread: it is to be handed back. */
    public void abort() {
        aborted = true;
        for (Closeable connection : connections) {
            try {
                connection.close();
            } catch (IOException e) {
                // It is broken either way, which is all that was wanted.
            }
        }
    }
}
