package org.holdfast.master.placement;

/**
 * A storage node that may take new files now.
 *
 * @param name the node's name; no two candidates share one
 * @param zone its failure domain
 * @param host its failure domain within the zone
 * @param freeBytes room that the node last reported, its reserve already taken off
 */
public record Candidate(String name, String zone, String host, long freeBytes) {
    /** Where it is. */
    public Place place() {
        return new Place(name, zone, host);
    }
}
