package org.holdfast.master.cluster;

/** What the cluster sees of a node. */
public enum NodeStatus {
    /** Registered, not yet heard of. */
    JOINING,
    RUNNING,
    /** Missed too many heartbeats in a row. */
    DOWN,
    /** Back, and proving what it holds. */
    VERIFYING,
    /** Could not prove what it holds. */
    FAILED;

    /**
     * What follows from one heartbeat. A pure function.
     *
     * @param answered whether the node answered with the identity that it joined with
     * @param missesInARow misses up to now, this one included
     * @param missesAllowed how many in a row make it {@link #DOWN}
     */
    public NodeStatus afterHeartbeat(boolean answered, int missesInARow, int missesAllowed) {
        return switch (this) {
            case JOINING, RUNNING, DOWN -> {
                if (answered) {
                    yield RUNNING;
                }
                yield missesInARow >= missesAllowed ? DOWN : this;
            }
            case VERIFYING, FAILED -> !answered && missesInARow >= missesAllowed ? DOWN : this;
        };
    }
}
