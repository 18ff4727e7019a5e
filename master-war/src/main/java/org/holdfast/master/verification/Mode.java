package org.holdfast.master.verification;

/** Which copies of a node that returns are read from its disk; of the others presence and length are asked. */
public enum Mode {
    /** All. */
    FULL,
    /** Those that changed since shortly before the node was last seen, and those that were not good then. */
    SINCE_LAST_SEEN,
    /** One in twenty, but at least a hundred, and those that were not good. */
    SAMPLE
}
