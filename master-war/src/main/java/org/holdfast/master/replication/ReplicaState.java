package org.holdfast.master.replication;

/** What is known of one copy on one node. */
public enum ReplicaState {
    /** Wanted, nothing done yet. */
    PLANNED,
    /** Its bytes are on their way. */
    COPYING,
    /** Its digests were computed from disk and are right. */
    VERIFIED,
    /** Something was wrong when it was read; it must be verified before it is used. */
    SUSPECT,
    /** Its digests are wrong. */
    CORRUPT,
    /** Its node does not have it. */
    LOST,
    /** No name refers to it any more; it is removed after a grace time. */
    DELETING
}
