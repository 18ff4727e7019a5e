package org.holdfast.master.audit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import org.holdfast.contract.AuditRecord;
import org.jspecify.annotations.Nullable;

/**
 * The way of this master's records into the table and to the syslog receiver. Records are stored in the order in which
 * they came, as many at once as came while the last ones were stored. Nothing is dropped: while the database is away they
 * wait, and when too many wait, those who bring more wait with them.
 */
@ApplicationScoped
public class AuditTrail {
    private static final Logger LOG = Logger.getLogger(AuditTrail.class.getName());
    private static final int MOST_AT_ONCE = 500;
    private static final long IDLE_MILLIS = 250;

    private final AtomicInteger overtaken = new AtomicInteger();
    private @Nullable BlockingQueue<Entry> queue;

    /** Taken from the queue and not stored yet; the writer's own. */
    private final List<Entry> batch = new ArrayList<>();

    @Inject
    StoreAudit storing;

    @Inject
    AuditConfig config;

    @Inject
    TellSyslog syslog;

    /** A record on its way. */
    private record Entry(AuditRecord record, CompletableFuture<Boolean> stored) {}

    /** Takes a record; returns when there is room for it. Once this has returned it is stored, unless the process dies. */
    public void add(AuditRecord record) {
        var unused = enter(record);
    }

    /**
     * Takes a record and waits until it is stored; gives up waiting, and nothing else, when that takes too long.
     *
     * @return whether it is stored already
     */
    public boolean addAndWait(AuditRecord record) {
        CompletableFuture<Boolean> stored = enter(record);
        try {
            return stored.get(config.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException | ExecutionException e) {
            // Once for each hundred: while the database is away every request gets here.
            if (overtaken.getAndIncrement() % 100 == 0) {
                LOG.warning(() -> "an answer goes out before its record of the audit log is stored; it still waits: "
                        + record.toJson());
            }
            return false;
        }
    }

    private CompletableFuture<Boolean> enter(AuditRecord record) {
        syslog.offer(record);
        var entry = new Entry(record, new CompletableFuture<>());
        BlockingQueue<Entry> waiting = queue();
        boolean interrupted = false;
        boolean entered = false;
        while (!entered) {
            try {
                waiting.put(entry);
                entered = true;
            } catch (InterruptedException e) {
                // What has been done has to be told, whoever wants this thread to end.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return entry.stored;
    }

    private synchronized BlockingQueue<Entry> queue() {
        BlockingQueue<Entry> made = queue;
        if (made == null) {
            made = new ArrayBlockingQueue<>(config.mostWaiting());
            queue = made;
        }
        return made;
    }

    /** Records that wait to be stored. */
    public int waiting() {
        return queue().size();
    }

    /**
     * Stores what waits, or waits a moment for something to store. To be called again and again, by one thread.
     *
     * @throws RuntimeException when it can't be stored now; it is tried again at the next call
     */
    public void store() throws InterruptedException {
        if (batch.isEmpty()) {
            Entry first = queue().poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
            if (first == null) {
                return;
            }
            batch.add(first);
            queue().drainTo(batch, MOST_AT_ONCE - 1);
        }
        storeBatch();
    }

    private void storeBatch() {
        storing.store(batch.stream().map(Entry::record).toList());
        batch.forEach(entry -> entry.stored.complete(true));
        batch.clear();
    }

    /** Stores all that waits, as far as the database lets it; the last thing that the writer does. */
    public void storeTheRest() {
        queue().drainTo(batch);
        if (!batch.isEmpty()) {
            storeBatch();
        }
    }
}
