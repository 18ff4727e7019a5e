package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.MetricUnits;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;

/** What this master sees at the moment, for {@code /metrics}. */
@ApplicationScoped
public class MasterMetrics {
    @Inject
    MetricRegistry registry;

    @Inject
    ClusterView cluster;

    @Inject
    Dispatch dispatch;

    void register() {
        gauge(
                "holdfast_nodes",
                "Storage nodes that are registered",
                () -> cluster.nodes().size());
        gauge(
                "holdfast_nodes_readable",
                "Storage nodes that clients may read from",
                () -> cluster.nodes().stream().filter(NodeView::canRead).count());
        gauge("holdfast_broker_connected", "1 when the broker answers", () -> dispatch.isConnected() ? 1 : 0);
    }

    private void gauge(String name, String description, java.util.function.Supplier<Number> value) {
        var metadata = Metadata.builder()
                .withName(name)
                .withDescription(description)
                .withUnit(MetricUnits.NONE)
                .build();
        registry.gauge(metadata, value);
    }
}
