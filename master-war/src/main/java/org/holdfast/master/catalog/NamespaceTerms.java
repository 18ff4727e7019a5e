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
 */
public record NamespaceTerms(int replicas, PlacementPolicy placement, int durability) {
    public static final int MAX_REPLICAS = 15;

    public NamespaceTerms {
        if (replicas < 0 || replicas > MAX_REPLICAS) {
            throw invalid("A namespace's replicas must be from 0 to " + MAX_REPLICAS + ".");
        }
        if (durability < 1 || durability > replicas + 1) {
            throw invalid("A namespace's durability must be from 1 to the number of its copies.");
        }
    }

    private static HoldfastException invalid(String sentence) {
        return HoldfastException.of(FailureKind.INVALID, "invalid-parameter", sentence);
    }
}
