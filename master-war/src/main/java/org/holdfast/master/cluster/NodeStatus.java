package org.holdfast.master.cluster;

/**
 * What the cluster sees of a node.
 *
 * <table>
 * <caption>What follows; an empty cell changes nothing</caption>
 * <tr><th></th><th>JOINING</th><th>RUNNING</th><th>DOWN</th><th>VERIFYING</th><th>FAILED</th></tr>
 * <tr><td>ANSWERED</td><td>VERIFYING</td><td></td><td>VERIFYING</td><td></td><td></td></tr>
 * <tr><td>RESTARTED</td><td>VERIFYING</td><td>VERIFYING</td><td>VERIFYING</td><td>starts over</td><td>VERIFYING</td></tr>
 * <tr><td>SILENT</td><td>DOWN</td><td>DOWN</td><td></td><td>DOWN</td><td>DOWN</td></tr>
 * <tr><td>DISK_FAULT, WRONG_DISK</td><td colspan="5">FAILED</td></tr>
 * <tr><td>PASSED</td><td></td><td></td><td></td><td>RUNNING</td><td></td></tr>
 * <tr><td>FOUND_WRONG</td><td></td><td></td><td></td><td>FAILED</td><td></td></tr>
 * <tr><td>INTERRUPTED</td><td></td><td></td><td></td><td>starts over</td><td></td></tr>
 * <tr><td>PUT_BACK</td><td></td><td>VERIFYING</td><td></td><td>starts over</td><td>VERIFYING</td></tr>
 * </table>
 */
public enum NodeStatus {
    /** Registered, not yet heard of. */
    JOINING,
    RUNNING,
    /** Missed too many heartbeats in a row; it proves what it holds as soon as it answers. */
    DOWN,
    /** Back, and proving what it holds. */
    VERIFYING,
    /** What it holds is wrong, or its disk is bad or not its own. Silence alone never leads here. */
    FAILED;

    /** What the leader learns of a node. */
    public enum Sign {
        /** It answered, and all is as before. */
        ANSWERED,
        /** It answered, but its process is another one than before. */
        RESTARTED,
        /** It missed as many heartbeats in a row as are allowed. */
        SILENT,
        /** It answered that its disk fails. */
        DISK_FAULT,
        /** What answers has another disk, or an empty one. */
        WRONG_DISK,
        /** It has proved what it holds. */
        PASSED,
        /** Something of what it should hold is not there or is wrong. */
        FOUND_WRONG,
        /** It answers heartbeats, but its proof could not be brought to an end. */
        INTERRUPTED,
        /** A person wants it to be used again. */
        PUT_BACK
    }

    /** What follows from a sign. A pure function. */
    public NodeStatus after(Sign sign) {
        return switch (sign) {
            case ANSWERED -> this == JOINING || this == DOWN ? VERIFYING : this;
            // It was gone, however short: as if it had been DOWN in between.
            case RESTARTED -> VERIFYING;
            // In the middle of its proof, too: that says nothing about its bytes.
            case SILENT -> DOWN;
            case DISK_FAULT, WRONG_DISK -> FAILED;
            case PASSED -> this == VERIFYING ? RUNNING : this;
            case FOUND_WRONG -> this == VERIFYING ? FAILED : this;
            case INTERRUPTED -> this;
            // A node that does not answer proves itself when it does.
            case PUT_BACK -> this == JOINING || this == DOWN ? this : VERIFYING;
        };
    }

    /** Whether a sign calls for a proof from the beginning: the status becomes or stays {@link #VERIFYING}. */
    public boolean provesAfter(Sign sign) {
        boolean startsOver = sign == Sign.RESTARTED || sign == Sign.INTERRUPTED || sign == Sign.PUT_BACK;
        return after(sign) == VERIFYING && (this != VERIFYING || startsOver);
    }
}
