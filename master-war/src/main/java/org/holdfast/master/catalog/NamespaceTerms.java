package org.holdfast.master.catalog;

import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.placement.PlacementPolicy;

/**
 * How a namespace's files are kept.
 *
 * @param replicas wanted copies besides the origin, 0 to {@value #MAX_REPLICAS}
 * @param placement how nodes are chosen
 * @param durability fsynced copies before a put is acknowledged, from 1
 * @param versionsKept older versions of each file beside the current one, 0 to {@value #MAX_VERSIONS_KEPT}
 */
public record NamespaceTerms(int replicas, PlacementPolicy placement, int durability, int versionsKept) {
    public static final int MAX_REPLICAS = 15;

    /** What a removal of one file drops in one transaction, and what a listing of versions shows. */
    public static final int MAX_VERSIONS_KEPT = 1_000;

    /** The default: who replaces a file by mistake, and then again, still has it. */
    public static final int VERSIONS_KEPT = 10;

    public NamespaceTerms {
        if (replicas < 0 || replicas > MAX_REPLICAS) {
            throw invalid("A namespace's replicas must be from 0 to " + MAX_REPLICAS + ".");
        }
        if (durability < 1 || durability > replicas + 1) {
            throw invalid("A namespace's durability must be from 1 to the number of its copies.");
        }
        if (versionsKept < 0 || versionsKept > MAX_VERSIONS_KEPT) {
            throw invalid("A namespace's versionsKept must be from 0 to " + MAX_VERSIONS_KEPT + ".");
        }
    }

    private static HoldfastException invalid(String sentence) {
        return HoldfastException.of(FailureKind.INVALID, "invalid-parameter", sentence);
    }
}
