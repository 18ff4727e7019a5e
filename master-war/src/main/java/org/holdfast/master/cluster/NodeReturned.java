package org.holdfast.master.cluster;

/**
 * Event: a node has become usable again, or for the first time.
 *
 * @param nodeId its key
 */
public record NodeReturned(long nodeId) {}
