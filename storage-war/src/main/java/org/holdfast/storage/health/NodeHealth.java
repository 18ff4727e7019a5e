package org.holdfast.storage.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.holdfast.storage.cluster.DiskWatch;
import org.holdfast.storage.cluster.Membership;
import org.holdfast.storage.store.BlobStore;
import org.holdfast.storage.store.Space;

/** {@code /health/live} and {@code /health/ready}. */
@ApplicationScoped
public class NodeHealth {
    @Inject
    DiskWatch disk;

    @Inject
    BlobStore store;

    @Inject
    Membership membership;

    /** The process answers; nothing else is asked, since a restart would mend nothing else. */
    @Produces
    @Liveness
    HealthCheck alive() {
        return () -> HealthCheckResponse.up("process");
    }

    /** The disk takes bytes and returns them. A full disk is ready: it can still be read. */
    @Produces
    @Readiness
    HealthCheck diskWorks() {
        return () -> {
            Space space = store.space();
            String complaint = disk.complaint();
            return HealthCheckResponse.named("disk")
                    .status(complaint.isEmpty())
                    .withData("complaint", complaint)
                    .withData("capacityBytes", space.capacityBytes())
                    .withData("freeBytes", space.freeBytes())
                    .withData("usedBytes", space.usedBytes())
                    .withData("blobs", space.blobs())
                    .build();
        };
    }

    /** A master has welcomed the node since it was started. */
    @Produces
    @Readiness
    HealthCheck joined() {
        return () -> HealthCheckResponse.named("membership")
                .status(membership.isAnnounced())
                .withData("name", membership.identity().name())
                .withData("refusal", membership.refusal())
                .withData("masters", String.join(" ", membership.masters()))
                .build();
    }
}
