package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.function.Predicate;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.HealConfig;
import org.holdfast.master.cluster.NodeView;

/**
 * The nodes of a query, as the inside of {@code IN (…)}. Their ids come from this master's own memory and are numbers;
 * the list is never empty, since SQL has no empty one.
 */
@ApplicationScoped
public class NodesThatCount {
    @Inject
    ClusterView cluster;

    @Inject
    HealConfig config;

    /** Those whose copies count as good. */
    public String holding(Instant now) {
        return with(node -> node.holdsForGood(config.holdOff(), now));
    }

    /** Those whose copies count as good and can be read. */
    String serving(Instant now) {
        return with(node -> node.canRead() && node.holdsForGood(config.holdOff(), now));
    }

    /** Those with a capability. */
    public String with(Predicate<NodeView> capability) {
        var text = new StringBuilder("-1");
        cluster.nodes().stream()
                .filter(capability)
                .forEach(node -> text.append(", ").append(node.id()));
        return text.toString();
    }
}
