package org.holdfast.master.placement;

/**
 * Where a copy lies or may lie.
 *
 * @param node the node's name
 * @param zone its failure domain
 * @param host its failure domain within the zone: a machine may run several nodes
 */
public record Place(String node, String zone, String host) {}
