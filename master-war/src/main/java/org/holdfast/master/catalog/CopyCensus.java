package org.holdfast.master.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.holdfast.master.cluster.NodeView;

/**
 * How many versions have their verified copies on exactly which nodes. Counting that reads the whole catalog; what it
 * means depends on how the nodes are, and is judged in no time whenever one of them comes or goes.
 *
 * <p>This is the rule by which copies are counted, for the console, the script, the API and the metrics. The views
 * {@code node_copies} and {@code under_replicated} are the same rule in SQL; a test compares the two for all states.
 *
 * @param groups each with other nodes or another number of wanted copies
 * @param countedAt when it was so
 */
record CopyCensus(List<Group> groups, Instant countedAt) {
    /**
     * Versions that are alike.
     *
     * @param wanted copies that they should have
     * @param staying ids of the nodes with a verified copy
     * @param leaving ids of the nodes with a verified copy that is to move elsewhere
     */
    record Group(int wanted, Set<Long> staying, Set<Long> leaving, Amount amount) {}

    /**
     * How many there are.
     *
     * @param versions older ones included, each for itself
     * @param files those that are the current version
     */
    record Amount(long versions, long files, long bytes) {
        Amount plus(Amount other) {
            return new Amount(versions + other.versions, files + other.files, bytes + other.bytes);
        }
    }

    /** What these copies are worth while the nodes are as they are. */
    ClusterTotals.Totals judge(Collection<NodeView> nodes, Duration holdOff, Instant now) {
        var byId = new HashMap<Long, NodeView>();
        nodes.forEach(node -> byId.put(node.id(), node));
        var sum = new Sum(byId, holdOff, now);
        groups.forEach(sum::add);
        return sum.totals(countedAt);
    }

    /** Adds groups up. */
    private static final class Sum {
        private final Map<Long, NodeView> nodes;
        private final Duration holdOff;
        private final Instant now;
        private long files;
        private long bytes;
        private long wanted;
        private long verified;
        private long good;
        private long missingBytes;
        private long underReplicated;
        private long endangered;
        private long unreadable;
        private long fewRunning;
        private long fewRunningFiles;
        private final TreeSet<ClusterTotals.Share> shares = new TreeSet<>();
        private Optional<Instant> healingBegins = Optional.empty();

        Sum(Map<Long, NodeView> nodes, Duration holdOff, Instant now) {
            this.nodes = nodes;
            this.holdOff = holdOff;
            this.now = now;
        }

        void add(Group group) {
            long versions = group.amount.versions;
            long counted = count(group.staying, node -> node.holdsForGood(holdOff, now));
            long readable = count(group.staying, NodeView::canRead) + count(group.leaving, NodeView::canRead);
            long missing = group.wanted - Math.min(counted, group.wanted);
            files += group.amount.files;
            bytes += group.amount.bytes;
            wanted += group.wanted * versions;
            verified += (group.staying.size() + group.leaving.size()) * versions;
            good += (group.wanted - missing) * versions;
            missingBytes += missing * group.amount.bytes;
            underReplicated += missing > 0 ? versions : 0;
            endangered += readable == 1 && group.wanted > 1 ? versions : 0;
            unreadable += readable == 0 ? versions : 0;
            long running = count(group.staying, NodeView::canTakeNew);
            if (running < group.wanted) {
                addFewRunning(group, (int) running);
            }
        }

        private void addFewRunning(Group group, int running) {
            fewRunning += group.amount.versions;
            fewRunningFiles += group.amount.files;
            shares.add(new ClusterTotals.Share(running, group.wanted));
            group.staying.stream()
                    .flatMap(id -> Optional.ofNullable(nodes.get(id)).stream())
                    .flatMap(node -> node.awaitedUntil(holdOff).filter(now::isBefore).stream())
                    .min(Instant::compareTo)
                    .filter(at -> healingBegins.map(at::isBefore).orElse(true))
                    .ifPresent(at -> healingBegins = Optional.of(at));
        }

        private long count(Set<Long> ids, Predicate<NodeView> capability) {
            return ids.stream()
                    .map(nodes::get)
                    .filter(node -> node != null && capability.test(node))
                    .count();
        }

        ClusterTotals.Totals totals(Instant countedAt) {
            return new ClusterTotals.Totals(
                    files,
                    bytes,
                    new ClusterTotals.CopyTotals(
                            wanted, verified, good, missingBytes, underReplicated, endangered, unreadable),
                    new ClusterTotals.FewRunning(
                            fewRunningFiles, fewRunning - fewRunningFiles, List.copyOf(shares), healingBegins),
                    countedAt);
        }
    }
}
