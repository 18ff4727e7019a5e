package org.holdfast.master.cluster;

/**
 * Event: a person has removed a node that still held copies. They are lost; others have to be made at once.
 *
 * @param nodeId its key
 */
public record NodeGivenUp(long nodeId) {}
