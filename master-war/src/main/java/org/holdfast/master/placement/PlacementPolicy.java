package org.holdfast.master.placement;

/** How a namespace spreads its files over the nodes. */
public enum PlacementPolicy {
    /** Every node is equally likely, for every file anew. */
    RANDOM,
    /** The file's name decides: the same name goes to the same node as long as the nodes stay the same. */
    HASH
}
