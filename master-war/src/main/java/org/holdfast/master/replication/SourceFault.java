package org.holdfast.master.replication;

/** What an attempt told about the copy that it read from. */
public enum SourceFault {
    /** The copy may be missing or damaged: it is verified before it is read again. */
    SUSPECT,
    /** The node says that it does not have the copy any more. */
    LOST
}
