package org.holdfast.master.placement;

/**
 * One copy of a file's bytes, there or on its way, as {@link CopyPlan} sees it.
 *
 * @param place where
 * @param standing what is known of it
 * @param priority place in the order in which copies are read; of two equal ones, the later is dropped
 * @param counts whether it is one of the wanted copies; one on a node that leaves, or that is to move, is none
 * @param serves whether its node answers and may be read from now
 */
public record Copy(Place place, Standing standing, int priority, boolean counts, boolean serves) {

    /** What is known of a copy. */
    public enum Standing {
        /** Nothing is there yet; a task makes it. */
        PLANNED,
        /** Its digests were right. */
        VERIFIED,
        /** Bytes may be there, but they must be verified or made again. */
        DOUBTFUL,
        /** It is being removed. */
        GOING
    }

    /** Whether a reader gets right bytes from it now. */
    public boolean isGood() {
        return standing == Standing.VERIFIED && serves;
    }

    boolean isWanted() {
        return counts && standing != Standing.GOING;
    }
}
