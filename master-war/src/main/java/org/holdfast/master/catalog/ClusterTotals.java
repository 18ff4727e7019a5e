package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.HealConfig;
import org.jspecify.annotations.Nullable;

/**
 * The store in numbers, cheap enough to be asked for every few seconds: a count is given out again for ten times as long
 * as it took, so that counting takes a tenth of one of the database's cores at most, however many ask. A thousand files
 * are counted in some milliseconds; a million in some seconds, and are then up to a minute old. How the
 * nodes are is never as old as that: what copies are worth is judged anew each time.
 */
@ApplicationScoped
public class ClusterTotals {
    private static final int SERVES_TIMES = 10;
    private static final Duration LEAST = Duration.ofMillis(20);

    @Inject
    CountCopies countCopies;

    @Inject
    ClusterView cluster;

    @Inject
    HealConfig config;

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
     * @param fewRunning what is short of copies on running nodes
     * @param countedAt when the copies were so; the nodes are as they are now
     */
    public record Totals(long files, long bytes, CopyTotals copies, FewRunning fewRunning, Instant countedAt) {}

    /**
     * What has fewer copies on nodes that are in service and run than it should have, whether the others are expected back
     * or not.
     *
     * @param files whose current version it is
     * @param olderVersions the others
     * @param shares which there are, the worst first
     * @param healingBeginsAt when the first of the nodes that are awaited is not awaited any more; empty when none is
     */
    public record FewRunning(long files, long olderVersions, List<Share> shares, Optional<Instant> healingBeginsAt) {
        public long versions() {
            return files + olderVersions;
        }
    }

    /** So many copies on running nodes of so many wanted ones. */
    public record Share(int running, int wanted) implements Comparable<Share> {
        @Override
        public int compareTo(Share other) {
            return Comparator.comparingInt(Share::running)
                    .thenComparingInt(Share::wanted)
                    .compare(this, other);
        }
    }

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

    private record Counted(CopyCensus census, Instant until) {}

    /** The numbers; while somebody counts, others get the last ones. */
    public Totals count() {
        return judge(census());
    }

    /** The numbers as this master has counted them last, without asking the database; empty before the first time. */
    public Optional<Totals> known() {
        return Optional.ofNullable(last).map(counted -> judge(counted.census));
    }

    private Totals judge(CopyCensus census) {
        return census.judge(cluster.nodes(), config.holdOff(), clock.instant());
    }

    private CopyCensus census() {
        Counted known = last;
        if (known != null && clock.instant().isBefore(known.until)) {
            return known.census;
        }
        if (known != null && !counting.tryLock()) {
            return known.census;
        }
        if (known == null) {
            counting.lock();
        }
        try {
            Instant began = clock.instant();
            CopyCensus census = countCopies.count(began);
            Instant ended = clock.instant();
            Duration serves = Duration.between(began, ended).multipliedBy(SERVES_TIMES);
            last = new Counted(census, ended.plus(serves.compareTo(LEAST) < 0 ? LEAST : serves));
            return census;
        } finally {
            counting.unlock();
        }
    }
}
