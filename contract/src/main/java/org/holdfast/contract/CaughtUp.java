package org.holdfast.contract;

import jakarta.json.JsonObject;

/**
 * How far a node has followed the change log ({@code POST /internal/v1/catch-up} with {@code {"head": seq}}, or with
 * {@code {"reconciled": seq}} when a master has compared everything and the node may count on from there).
 *
 * @param appliedSeq the last change that it has applied
 * @param mustReconcile whether what comes next is no longer in the log, so that it can't go on by itself
 */
public record CaughtUp(long appliedSeq, boolean mustReconcile) {
    public JsonObject toJson() {
        return JsonText.object()
                .add("appliedSeq", appliedSeq)
                .add("mustReconcile", mustReconcile)
                .build();
    }

    public static CaughtUp fromJson(JsonObject json) {
        return new CaughtUp(json.getJsonNumber("appliedSeq").longValueExact(), json.getBoolean("mustReconcile"));
    }
}
