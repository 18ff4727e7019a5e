package org.holdfast.worker.transfer;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All attempts of this worker that are under way; at most one a slot. Thread-safe. */
public final class TransferBoard {
    /** How many orders are remembered for attempts that are still in a queue: as many as masters have there at a time. */
    private static final int MAX_REMEMBERED = 2_000;

    private final Clock clock;
    private final Set<Transfer> transfers = ConcurrentHashMap.newKeySet();
    private final Set<Attempt> cancelled = new LinkedHashSet<>();

    private record Attempt(String taskId, int number) {}

    public TransferBoard(Clock clock) {
        this.clock = clock;
    }

    /** Puts an attempt up; {@link #take} must follow. One that was cancelled before it came is cancelled at once. */
    public Transfer put(String taskId, int attempt, long sizeBytes) {
        Instant now = clock.instant();
        var transfer = new Transfer(taskId, attempt, sizeBytes, now);
        synchronized (cancelled) {
            transfers.add(transfer);
            if (cancelled.contains(new Attempt(taskId, attempt))) {
                transfer.cancel();
            }
        }
        return transfer;
    }

    public void take(Transfer transfer) {
        transfers.remove(transfer);
    }

    /** Breaks an attempt off, whether it is under way or comes later. */
    public void cancel(String taskId, int attempt) {
        synchronized (cancelled) {
            cancelled.add(new Attempt(taskId, attempt));
            if (cancelled.size() > MAX_REMEMBERED) {
                cancelled.remove(cancelled.iterator().next());
            }
        }
        transfers.stream()
                .filter(transfer -> transfer.taskId().equals(taskId) && transfer.attempt() == attempt)
                .forEach(Transfer::cancel);
    }

    /** A snapshot. */
    public Collection<Transfer> active() {
        return List.copyOf(transfers);
    }
}
