package org.holdfast.worker.transfer;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All attempts of this worker that are under way; at most one a slot. Thread-safe. */
public final class TransferBoard {
    private final Clock clock;
    private final Set<Transfer> transfers = ConcurrentHashMap.newKeySet();

    public TransferBoard(Clock clock) {
        this.clock = clock;
    }

    /** Puts an attempt up; {@link #take} must follow. */
    public Transfer put(String taskId, int attempt, long sizeBytes) {
        var transfer = new Transfer(taskId, attempt, sizeBytes, clock.instant());
        transfers.add(transfer);
        return transfer;
    }

    public void take(Transfer transfer) {
        transfers.remove(transfer);
    }

    /** A snapshot. */
    public Collection<Transfer> active() {
        return List.copyOf(transfers);
    }
}
