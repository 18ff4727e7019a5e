package org.holdfast.storage.cluster;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.holdfast.contract.LockBeat;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.Ticket;
import org.holdfast.contract.WriteLock;

/**
 * Keeps the locks of uploads while their bytes flow, and lets go of those whose uploads have failed. One call renews the
 * locks of all uploads that are due, however many there are; short uploads end before they are.
 *
 * <p>An upload whose sender has fallen silent is not renewed: others need not wait for it. One whose bytes are all here is,
 * until a master has decided about it.
 *
 * <p>A lock that could not be renewed is no reason to give an upload up: the commit tells whether anybody came in between.
 */
public final class HoldLocks {
    /** How often to call {@link #beat}; costs nothing while nothing is due. */
    public static final Duration BEAT = Duration.ofSeconds(1);

    private static final Logger LOG = System.getLogger(HoldLocks.class.getName());
    private static final String PATH = "/internal/v1/locks";

    /** Two renewals may be lost before a lock runs out. */
    private static final int RENEWALS_PER_LEASE = 3;

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);

    private final Membership membership;
    private final LongSupplier nanos;
    private final Set<Hold> held = ConcurrentHashMap.newKeySet();

    /**
     * Holds nothing yet.
     *
     * @param nanos time since whenever
     */
    public HoldLocks(Membership membership, LongSupplier nanos) {
        this.membership = membership;
        this.nanos = nanos;
    }

    /** The lock of one upload; the caller closes it when the upload has ended, whatever came of it. */
    public final class Hold implements AutoCloseable {
        private final Optional<WriteLock> lock;
        private boolean settled;
        private volatile boolean flowing;
        private volatile boolean complete;
        private volatile long renewedAt = nanos.getAsLong();

        private Hold(Optional<WriteLock> lock, boolean settled) {
            this.lock = lock;
            this.settled = settled;
        }

        /**
         * The body was read.
         *
         * @param bytes how many; less than 0 at its end
         */
        public void flows(int bytes) {
            if (bytes > 0) {
                flowing = true;
            } else if (bytes < 0) {
                complete = true;
            }
        }

        private void renewed(long now) {
            renewedAt = now;
            flowing = false;
        }

        /** A master has decided about the upload, and about its lock with it. */
        public void settled() {
            settled = true;
        }

        private boolean isDue(long now) {
            return (flowing || complete)
                    && lock.filter(known -> now - renewedAt >= known.lease().toNanos() / RENEWALS_PER_LEASE)
                            .isPresent();
        }

        private Stream<LockBeat.Held> asTold() {
            return lock.stream().map(known -> new LockBeat.Held(known.token(), known.proof()));
        }

        @Override
        public void close() {
            held.remove(this);
            boolean isAnothersToo = held.stream().anyMatch(other -> other.lock.equals(lock));
            if (!settled && lock.isPresent() && !isAnothersToo) {
                var unused = tell(new LockBeat(List.of(), asTold().toList()));
            }
        }
    }

    /** Begins to hold the lock that a ticket tells of. Whoever sends bytes to commit them itself lets go of it itself. */
    public Hold begin(Ticket ticket) {
        var hold = new Hold(ticket.terms().flatMap(PutTerms::lock), ticket.operation() == Ticket.Operation.LAND);
        held.add(hold);
        return hold;
    }

    /** Renews what is due. */
    public void beat() {
        long now = nanos.getAsLong();
        List<Hold> due = held.stream()
                .filter(hold -> hold.isDue(now))
                .limit(LockBeat.MOST)
                .toList();
        if (!due.isEmpty()
                && tell(new LockBeat(
                        due.stream().flatMap(Hold::asTold).distinct().toList(), List.of()))) {
            due.forEach(hold -> hold.renewed(now));
        }
    }

    /** Whether a master has heard it. */
    private boolean tell(LockBeat beat) {
        for (String master : membership.masters()) {
            try {
                var answer = membership
                        .credentials()
                        .calls()
                        .send("POST", URI.create(master + PATH), Optional.of(beat.toJson()), ANSWER_TIMEOUT);
                if (answer.isSuccess()) {
                    return true;
                }
                LOG.log(Level.WARNING, "{0} answered {1} about locks", master, answer.status());
            } catch (IOException e) {
                LOG.log(Level.WARNING, "{0} did not answer about locks: {1}", master, e);
            }
        }
        return false;
    }
}
