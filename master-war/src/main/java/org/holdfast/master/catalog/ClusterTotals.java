package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The store in numbers, cheap enough to be asked for every few seconds: a count is given out again for ten times as long
 * as it took, so that counting takes a tenth of one of the database's cores at most, however many ask. A thousand files
 * are counted in some milliseconds; a million in some seconds, and are then told as they were up to a minute ago.
 */
@ApplicationScoped
public class ClusterTotals {
    private static final int SERVES_TIMES = 10;
    private static final Duration LEAST = Duration.ofMillis(20);

    @Inject
    CountCopies countCopies;

    @Inject
    Clock clock;

    private final ReentrantLock counting = new ReentrantLock();
    private volatile @Nullable Counted last;

    /**
     * The whole store in numbers.
     *
     * @param files files
     * @param bytes their bytes, each version that is kept once
     * @param copies of their copies
     * @param countedAt when this was so
     */
    public record Totals(long files, long bytes, CopyTotals copies, Instant countedAt) {}

    /**
     * The copies in numbers; each version that is kept counts for itself. A good one is verified and lies on a node that counts: one that is in service, and not away
     * for longer than the hold-off.
     *
     * @param wanted copies that the namespaces ask for
     * @param verified copies that were found right, wherever they are
     * @param good of the wanted ones, those that are good
     * @param missingBytes bytes of the others
     * @param underReplicated versions with fewer good copies than wanted
     * @param endangered versions that have one copy left that can be read, and should have more
     * @param unreadable versions that can't be read now
     */
    public record CopyTotals(
            long wanted,
            long verified,
            long good,
            long missingBytes,
            long underReplicated,
            long endangered,
            long unreadable) {
        public long missing() {
            return wanted - good;
        }
    }

    private record Counted(Totals totals, Instant until) {}

    /** The numbers; while somebody counts, others get the last ones. */
    public Totals count() {
        Counted known = last;
        if (known != null && clock.instant().isBefore(known.until)) {
            return known.totals;
        }
        if (known != null && !counting.tryLock()) {
            return known.totals;
        }
        if (known == null) {
            counting.lock();
        }
        try {
            Instant began = clock.instant();
            Totals totals = countCopies.count(began);
            Instant ended = clock.instant();
            Duration serves = Duration.between(began, ended).multipliedBy(SERVES_TIMES);
            last = new Counted(totals, ended.plus(serves.compareTo(LEAST) < 0 ? LEAST : serves));
            return totals;
        } finally {
            counting.unlock();
        }
    }
}
