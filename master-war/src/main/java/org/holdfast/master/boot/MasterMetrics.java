package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.function.ToLongFunction;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.holdfast.master.access.TlsConfig;
import org.holdfast.master.audit.AuditTrail;
import org.holdfast.master.audit.TellSyslog;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;

/** The master's own numbers at {@code /metrics}; all come from memory, so that a scrape costs the database nothing. */
@ApplicationScoped
public class MasterMetrics {
    @Inject
    MetricRegistry registry;

    @Inject
    ClusterView cluster;

    @Inject
    Dispatch dispatch;

    @Inject
    AuditTrail trail;

    @Inject
    TellSyslog syslog;

    @Inject
    TlsConfig tls;

    @Inject
    Clock clock;

    void register(@Observes @Initialized(ApplicationScoped.class) Object event) {
        gauge(
                "holdfast_nodes",
                "Storage nodes that are registered",
                view -> view.nodes().size());
        gauge(
                "holdfast_nodes_readable",
                "Storage nodes that files are read from now",
                view -> view.nodes().stream().filter(NodeView::canRead).count());
        gauge(
                "holdfast_nodes_taking",
                "Storage nodes that take new files now",
                view -> view.nodes().stream().filter(NodeView::canTakeNew).count());
        gauge(
                "holdfast_free_bytes",
                "Room on the nodes that take new files",
                view -> view.nodes().stream()
                        .filter(NodeView::canTakeNew)
                        .mapToLong(node -> node.condition().freeBytes())
                        .sum());
        gauge(
                "holdfast_broker_connected",
                "1 when tasks can be handed to the broker",
                view -> dispatch.isConnected() ? 1 : 0);
        gauge("holdfast_audit_waiting", "Records of the audit log that are not stored yet", view -> trail.waiting());
        gauge(
                "holdfast_audit_lost",
                "Records of the audit log that are in this process's log only",
                view -> trail.lost());
        gauge(
                "holdfast_syslog_dropped",
                "Records that the syslog receiver was not told, since it was away for too long",
                view -> syslog.dropped());
        tls.identity()
                .ifPresent(own -> gauge(
                        "holdfast_certificate_days_left",
                        "Days until this process's certificate ends",
                        view -> own.daysLeft(clock.instant())));
    }

    private void gauge(String name, String meaning, ToLongFunction<ClusterView> value) {
        registry.gauge(
                Metadata.builder().withName(name).withDescription(meaning).build(), cluster, value::applyAsLong);
    }
}
