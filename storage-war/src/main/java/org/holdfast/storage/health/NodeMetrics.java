package org.holdfast.storage.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.holdfast.storage.audit.NodeAudit;
import org.holdfast.storage.catchup.FollowChanges;
import org.holdfast.storage.http.Transfers;
import org.holdfast.storage.store.BlobStore;

/** The node's own numbers at {@code /metrics}. */
@ApplicationScoped
public class NodeMetrics {
    @Inject
    MetricRegistry registry;

    @Inject
    BlobStore store;

    @Inject
    Transfers transfers;

    @Inject
    CertificateLife certificate;

    @Inject
    FollowChanges changes;

    @Inject
    NodeAudit audit;

    void register(@Observes @Initialized(ApplicationScoped.class) Object event) {
        gauge(
                "holdfast_blobs",
                "Blobs that this node keeps",
                store,
                s -> s.space().blobs());
        gauge("holdfast_used_bytes", "Sum of their sizes", store, s -> s.space().usedBytes());
        gauge(
                "holdfast_free_bytes",
                "What the disk can still take",
                store,
                s -> s.space().freeBytes());
        certificate
                .daysLeft()
                .ifPresent(days -> gauge(
                        "holdfast_certificate_days_left",
                        "Days until this process's certificate ends",
                        days,
                        LongSupplier::getAsLong));
        gauge(
                "holdfast_quarantined",
                "Files in quarantine, for a person to look at",
                store,
                s -> s.quarantine().count());
        gauge(
                "holdfast_applied_seq",
                "Number of the last change in the name space that this node has applied",
                changes,
                FollowChanges::appliedSeq);
        gauge(
                "holdfast_audit_waiting_bytes",
                "Records of the audit log that no master has taken yet",
                audit,
                NodeAudit::waitingBytes);
        gauge("holdfast_audit_lost", "Records that are in this process's log only", audit, NodeAudit::lost);
        gauge(
                "holdfast_syslog_dropped",
                "Records that the syslog receiver was not told, since it was away for too long",
                audit,
                NodeAudit::dropped);
        gauge("holdfast_transfers_active", "Transfers that run now", transfers, Transfers::active);
        gauge("holdfast_received_bytes", "Bytes of bodies taken in", transfers, Transfers::receivedBytes);
        gauge("holdfast_sent_bytes", "Bytes of bodies sent", transfers, Transfers::sentBytes);
    }

    private <T> void gauge(String name, String meaning, T source, java.util.function.Function<T, Number> value) {
        registry.gauge(
                Metadata.builder().withName(name).withDescription(meaning).build(), source, value);
    }
}
