package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.holdfast.contract.NodeReport;
import org.jspecify.annotations.Nullable;

/** What nodes have carried for clients since somebody last asked, as their answers to heartbeats tell. In memory only. */
@ApplicationScoped
public class NodeTraffic {
    private final Map<Long, Count> counts = new ConcurrentHashMap<>();

    /**
     * What is known of a node.
     *
     * @param bootId its process, which counts from its own start
     * @param total what it told last
     * @param fresh what of that has not been taken yet
     * @param isFresh whether anything was told since it was taken
     */
    private record Count(String bootId, NodeReport.Traffic total, NodeReport.Traffic fresh, boolean isFresh) {
        /** Of the first answer only the total is known, and not since when. */
        static Count after(@Nullable Count before, String boot, NodeReport.Traffic total) {
            if (before == null) {
                return new Count(boot, total, NodeReport.Traffic.NONE, false);
            }
            NodeReport.Traffic more = before.bootId.equals(boot) ? total.minus(before.total) : total;
            return new Count(boot, total, before.fresh.plus(more), true);
        }

        Count taken() {
            return new Count(bootId, total, NodeReport.Traffic.NONE, false);
        }
    }

    void heard(long nodeId, NodeReport report) {
        report.traffic()
                .ifPresent(total -> counts.compute(
                        nodeId,
                        (id, before) -> Count.after(before, report.state().bootId(), total)));
    }

    /** What was carried since this was last called; empty when the node has not told. */
    Optional<NodeReport.Traffic> take(long nodeId) {
        Count known = counts.get(nodeId);
        while (known != null && !counts.replace(nodeId, known, known.taken())) {
            known = counts.get(nodeId);
        }
        return Optional.ofNullable(known).filter(Count::isFresh).map(Count::fresh);
    }

    /** Another master may have led meanwhile, and have taken what was carried then. */
    void forget() {
        counts.clear();
    }
}
