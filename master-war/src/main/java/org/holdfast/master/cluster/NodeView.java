package org.holdfast.master.cluster;

import org.holdfast.contract.TaskMessage;

/**
 * A storage node as it is known at this moment. Code asks for capabilities, never for states by name.
 *
 * @param id key in the catalog
 * @param name its name
 * @param url base URL for members of the cluster
 * @param publicUrl base URL for clients
 * @param zone failure domain
 * @param diskUuid identity of its data directory
 * @param condition its two states and its room
 */
public record NodeView(
        long id, String name, String url, String publicUrl, String zone, String diskUuid, Condition condition) {

    /**
     * What changes while a node lives.
     *
     * @param adminState what a person wants
     * @param status what the cluster sees
     * @param capacityBytes size of its file system
     * @param usedBytes sum of its blobs
     * @param freeBytes what it can still take
     */
    public record Condition(
            AdminState adminState, NodeStatus status, long capacityBytes, long usedBytes, long freeBytes) {}

    private boolean isRunning() {
        return condition.status == NodeStatus.RUNNING;
    }

    private boolean isWanted() {
        return condition.adminState == AdminState.IN_SERVICE || condition.adminState == AdminState.DRAINING;
    }

    /** Whether clients are sent to it to read. */
    public boolean canRead() {
        return isRunning() && isWanted();
    }

    /** Whether it may get new files and new copies. */
    public boolean canTakeNew() {
        return isRunning() && condition.adminState == AdminState.IN_SERVICE;
    }

    /** Whether workers may copy from it. */
    public boolean canBeSource() {
        return canRead();
    }

    /** Whether copies on it may be deleted now. */
    public boolean canDelete() {
        return isRunning();
    }

    /** Whether it gets heartbeats. */
    public boolean isPinged() {
        return condition.adminState != AdminState.REMOVED;
    }

    /** Failure domain within the zone. */
    public String host() {
        return name;
    }

    /** Whether its copies count as good. */
    public boolean holdsForGood(java.time.Duration holdOff, java.time.Instant now) {
        return condition.adminState == AdminState.IN_SERVICE
                && condition.status != NodeStatus.DOWN
                && condition.status != NodeStatus.FAILED;
    }

    /** As a worker sees it. */
    public TaskMessage.Member member() {
        return new TaskMessage.Member(name, url);
    }

    NodeView with(Condition changed) {
        return new NodeView(id, name, url, publicUrl, zone, diskUuid, changed);
    }
}
