package org.holdfast.master.verification;

/** Which copies of a node that returns are read from its disk; of the others presence and length are asked. */
public enum Mode {
    /** All. */
    FULL,
    /** Those that changed since shortly before the node was last seen, and those that were not good then. */
    SINCE_LAST_SEEN,
    /** One in twenty, but at least a hundred, and those that were not good. */
    SAMPLE,
    /**
     * Those that changed while it was away, and those that were not good; nothing is asked of the others. For a short
     * absence of a process that has proved what it holds and goes on: as if it had been slow. Not to be configured.
     */
    CHANGES
}
