package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.function.ToLongFunction;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.holdfast.master.access.TlsConfig;
import org.holdfast.master.audit.AuditTrail;
import org.holdfast.master.audit.TellSyslog;
import org.holdfast.master.catalog.ClusterTotals;
import org.holdfast.master.catalog.Safety;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.CatalogDisk;

/** The master's own numbers at {@code /metrics}; all come from memory, so that a scrape costs the database nothing. */
@ApplicationScoped
public class MasterMetrics {
    /** There is nothing to tell, or nothing was counted yet. */
    private static final long NONE = -1;

    @Inject
    MetricRegistry registry;

    @Inject
    ClusterView cluster;

    @Inject
    ClusterTotals totals;

    @Inject
    Dispatch dispatch;

    @Inject
    AuditTrail trail;

    @Inject
    TellSyslog syslog;

    @Inject
    CatalogDisk disk;

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
        registerSafety();
        tls.identity()
                .ifPresent(own -> gauge(
                        "holdfast_certificate_days_left",
                        "Days until this process's certificate ends",
                        view -> own.daysLeft(clock.instant())));
    }

    /** The room for the catalog, and its copies as this master has counted them last, with the nodes as they are now. */
    private void registerSafety() {
        gauge(
                "holdfast_catalog_free_bytes",
                "Room on the disk of the catalog's database; -1 where this master can't see it",
                view -> disk.room().map(CatalogDisk.Room::freeBytes).orElse(NONE));
        counted(
                "holdfast_safety",
                "0 safe, 1 waiting for a node, 2 healing, 3 files with one copy left, 4 unreadable files",
                known -> Safety.of(known, clock.instant()).level().number());
        counted(
                "holdfast_versions_few_running",
                "Versions of files with fewer copies on running nodes than wanted",
                known -> known.fewRunning().versions());
        counted(
                "holdfast_versions_under_replicated",
                "Versions of files whose copies are to be made anew",
                known -> known.copies().underReplicated());
        counted(
                "holdfast_versions_unreadable",
                "Versions of files that can't be read now",
                known -> known.copies().unreadable());
        counted(
                "holdfast_healing_begins_seconds",
                "Seconds until copies on a node that is away are made anew; -1 when none is awaited",
                known -> known.fewRunning()
                        .healingBeginsAt()
                        .map(at -> Duration.between(clock.instant(), at).toSeconds())
                        .orElse(NONE));
    }

    private void counted(String name, String meaning, ToLongFunction<ClusterTotals.Totals> value) {
        gauge(name, meaning, view -> totals.known().map(value::applyAsLong).orElse(NONE));
    }

    private void gauge(String name, String meaning, ToLongFunction<ClusterView> value) {
        registry.gauge(
                Metadata.builder().withName(name).withDescription(meaning).build(), cluster, value::applyAsLong);
    }
}
