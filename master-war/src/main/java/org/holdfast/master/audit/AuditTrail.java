package org.holdfast.master.audit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Logger;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.HoldfastException;
import org.jspecify.annotations.Nullable;

/**
 * The way of this master's records into the table and to the syslog receiver. Records are stored in the order in which
 * they came, as many at once as came while the last ones were stored. While the database is away they wait. When too many
 * wait, requests are refused before anything is done ({@link #requireRoom}); what is told all the same, and what the
 * database has not taken when the process ends, goes into the process's log, whole.
 */
@ApplicationScoped
public class AuditTrail {
    private static final Logger LOG = Logger.getLogger(AuditTrail.class.getName());
    private static final int MOST_AT_ONCE = 500;
    private static final long IDLE_MILLIS = 250;
    private static final Duration COME_BACK = Duration.ofSeconds(5);

    private final AtomicInteger overtaken = new AtomicInteger();
    private final LongAdder lost = new LongAdder();
    private @Nullable BlockingQueue<Entry> queue;
    private volatile boolean ended;

    /** Taken from the queue and not stored yet; the writer changes it. */
    private volatile List<Entry> batch = List.of();

    @Inject
    StoreAudit storing;

    @Inject
    AuditConfig config;

    @Inject
    TellSyslog syslog;

    /** A record on its way. */
    private record Entry(AuditRecord record, CompletableFuture<Boolean> stored) {}

    /** Before anything is done that has to be recorded; UNAVAILABLE {@code unavailable} when too many records wait. */
    public void requireRoom() {
        if (queue().remainingCapacity() == 0) {
            throw HoldfastException.comeBack(
                    "unavailable",
                    "This master can't write its audit log at the moment, and does nothing that it could not record;"
                            + " try again.",
                    COME_BACK);
        }
    }

    /** Takes a record. Once this has returned it is stored, or in the process's log, unless the process dies. */
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

    /** Whether there is room for what may be left out, too; the other half is for what may not. */
    public boolean isHalfEmpty() {
        return queue().remainingCapacity() > config.mostWaiting() / 2;
    }

    private CompletableFuture<Boolean> enter(AuditRecord record) {
        syslog.offer(record);
        var entry = new Entry(record, new CompletableFuture<>());
        if (!offer(entry)) {
            lose(entry);
        } else if (ended) {
            loseTheRest();
        }
        return entry.stored;
    }

    /** Waits for room, but not for ever. */
    private boolean offer(Entry entry) {
        try {
            return queue().offer(entry, config.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // What has been done has to be told, whoever wants this thread to end.
            boolean entered = queue().offer(entry);
            Thread.currentThread().interrupt();
            return entered;
        }
    }

    private void lose(Entry entry) {
        lost.increment();
        entry.stored.complete(false);
        String line = "a record of the audit log is kept here only: " + entry.record.toJson();
        if (ended) {
            lastWord(line);
        } else {
            LOG.severe(line);
        }
    }

    /** Past the loggers, which a process that ends may have closed before: the same file, for what starts it. */
    @SuppressWarnings("resource") // Standard error is open for as long as the process is there.
    private static void lastWord(String line) {
        try {
            new FileOutputStream(FileDescriptor.err).write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** Records that are in the process's log only. */
    public long lost() {
        return lost.sum();
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
            List<Entry> taken = new ArrayList<>(List.of(first));
            queue().drainTo(taken, MOST_AT_ONCE - 1);
            batch = List.copyOf(taken);
        }
        storeBatch();
    }

    private void storeBatch() {
        storing.store(batch.stream().map(Entry::record).toList());
        batch.forEach(entry -> entry.stored.complete(true));
        batch = List.of();
    }

    /** Stores all that waits, as far as the database lets it; the last thing that the writer does. */
    public void storeTheRest() {
        List<Entry> taken = new ArrayList<>(batch);
        queue().drainTo(taken);
        batch = List.copyOf(taken);
        if (!batch.isEmpty()) {
            storeBatch();
        }
    }

    /** Writes what the database has not taken, and what still comes, into the process's log; the process's last word. */
    public void end() {
        ended = true;
        List<Entry> taken = batch;
        batch = List.of();
        taken.forEach(this::lose);
        loseTheRest();
    }

    private void loseTheRest() {
        List<Entry> rest = new ArrayList<>();
        queue().drainTo(rest);
        rest.forEach(this::lose);
    }
}
