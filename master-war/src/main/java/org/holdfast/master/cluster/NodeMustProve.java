package org.holdfast.master.cluster;

/**
 * Event at the leading master: a node is {@link NodeStatus#VERIFYING} and has to prove what it holds. Who proves it
 * tells the outcome to {@code NodeLife.proved}.
 *
 * @param nodeId its key
 */
public record NodeMustProve(long nodeId) {}
