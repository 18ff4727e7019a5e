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
import java.util.Optional;
import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.NodeReport;
import org.jspecify.annotations.Nullable;

/** A machine that keeps blobs, as the catalog knows it. */
@Entity
@Table(name = "storage_node")
class StorageNode {
    private static final int MAX_REASON = 500;
    private static final String LATE = "It answers late; others are asked first.";

    @Id
    @SequenceGenerator(name = "storage_node_seq", sequenceName = "storage_node_seq")
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "storage_node_seq")
    long id;

    String name;
    String url;

    @Column(name = "public_url")
    String publicUrl;

    String zone;
    String host;

    @Column(name = "disk_uuid")
    String diskUuid;

    @Column(name = "boot_id")
    String bootId;

    @Column(name = "proved_boot_id")
    @Nullable
    String provedBootId;

    @Enumerated(EnumType.STRING)
    @Column(name = "admin_state")
    AdminState adminState;

    @Column(name = "admin_since")
    Instant adminSince;

    @Enumerated(EnumType.STRING)
    NodeStatus status;

    @Column(name = "status_since")
    Instant statusSince;

    @Column(name = "status_reason")
    @Nullable
    String statusReason;

    @Column(name = "away_since")
    @Nullable
    Instant awaySince;

    @Column(name = "late_since")
    @Nullable
    Instant lateSince;

    @Enumerated(EnumType.STRING)
    NodeView.@Nullable Heal heal;

    @Column(name = "bandwidth_bytes")
    @Nullable
    Long bandwidthBytes;

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
        this.bootId = "";
        this.adminState = AdminState.IN_SERVICE;
        this.adminSince = joinedAt;
        this.status = NodeStatus.JOINING;
        this.statusSince = joinedAt;
        this.joinedAt = joinedAt;
        announce(request);
    }

    /** Takes over what a node says of itself at each start, but not which process it is: heartbeats tell that. */
    final void announce(JoinRequest request) {
        this.url = request.url();
        this.publicUrl = request.publicUrl();
        this.zone = request.zone();
        this.host = request.host();
        room(request.report().room());
    }

    private void room(NodeReport.Room room) {
        this.capacityBytes = room.capacityBytes();
        this.usedBytes = room.usedBytes();
        this.freeBytes = room.freeBytes();
    }

    /** Takes over the answer to a heartbeat. */
    void hear(NodeReport report, Instant now) {
        room(report.room());
        this.bootId = report.state().bootId();
        this.appliedSeq = report.state().appliedSeq();
        this.lastSeenAt = now;
    }

    /** Changes its status; {@code why} is forgotten when it runs. */
    void turn(NodeStatus next, Instant now, String why) {
        this.status = next;
        this.statusSince = now;
        this.lateSince = null;
        if (next == NodeStatus.FAILED) {
            this.provedBootId = null;
        }
        if (next == NodeStatus.RUNNING) {
            this.statusReason = null;
            this.awaySince = null;
        } else {
            this.statusReason = why.length() <= MAX_REASON ? why : why.substring(0, MAX_REASON);
        }
    }

    NodeView view() {
        return new NodeView(
                id,
                name,
                diskUuid,
                new NodeView.Place(url, publicUrl, zone, host),
                new NodeView.Terms(Optional.ofNullable(heal), Optional.ofNullable(bandwidthBytes)),
                new NodeView.Condition(
                        new NodeView.Wanted(adminState, adminSince),
                        new NodeView.Seen(
                                status,
                                statusSince,
                                Optional.ofNullable(lateSince == null ? statusReason : LATE),
                                Optional.ofNullable(awaySince),
                                Optional.ofNullable(lateSince),
                                bootId.equals(provedBootId)),
                        new NodeReport.Room(capacityBytes, usedBytes, freeBytes),
                        new NodeView.Heard(Optional.ofNullable(lastSeenAt), bootId, appliedSeq)));
    }
}
