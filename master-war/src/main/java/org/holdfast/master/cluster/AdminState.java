package org.holdfast.master.cluster;

/** What a person wants of a node. */
public enum AdminState {
    IN_SERVICE,
    /** Gives its copies away and takes no new ones. */
    DRAINING,
    /** Not used, until a person says otherwise. */
    OFFLINE,
    /** Gone for good. */
    REMOVED
}
