package org.holdfast.master.cluster;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.time.Instant;
import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.NodeReport;
import org.jspecify.annotations.Nullable;

/** A machine that keeps blobs, as the catalog knows it. */
@Entity
@Table(name = "storage_node")
class StorageNode {
    @Id
    @SequenceGenerator(name = "storage_node_seq", sequenceName = "storage_node_seq")
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "storage_node_seq")
    long id;

    String name;
    String url;

    @Column(name = "public_url")
    String publicUrl;

    String zone;

    @Column(name = "disk_uuid")
    String diskUuid;

    @Enumerated(EnumType.STRING)
    @Column(name = "admin_state")
    AdminState adminState;

    @Enumerated(EnumType.STRING)
    NodeStatus status;

    @Column(name = "capacity_bytes")
    long capacityBytes;

    @Column(name = "used_bytes")
    long usedBytes;

    @Column(name = "free_bytes")
    long freeBytes;

    @Column(name = "applied_seq")
    long appliedSeq;

    @Column(name = "joined_at")
    Instant joinedAt;

    @Column(name = "last_seen_at")
    @Nullable
    Instant lastSeenAt;

    StorageNode() {}

    StorageNode(JoinRequest request, Instant joinedAt) {
        this.name = request.report().name();
        this.diskUuid = request.report().diskUuid();
        this.adminState = AdminState.IN_SERVICE;
        this.status = NodeStatus.JOINING;
        this.joinedAt = joinedAt;
        announce(request);
    }

    /** Takes over what a node says of itself at each start. */
    final void announce(JoinRequest request) {
        this.url = request.url();
        this.publicUrl = request.publicUrl();
        this.zone = request.zone();
        report(request.report());
    }

    final void report(NodeReport report) {
        this.capacityBytes = report.capacityBytes();
        this.usedBytes = report.usedBytes();
        this.freeBytes = report.freeBytes();
    }

    NodeView view() {
        return new NodeView(
                id,
                name,
                url,
                publicUrl,
                zone,
                diskUuid,
                new NodeView.Condition(adminState, status, capacityBytes, usedBytes, freeBytes));
    }
}
