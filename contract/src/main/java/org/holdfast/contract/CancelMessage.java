package org.holdfast.contract;

import jakarta.json.JsonObject;

/**
 * Tells all workers to give an attempt up. It is a courtesy that saves the rest of a transfer: the task is cancelled in
 * the catalog already, and a worker that does not hear of it works in vain.
 *
 * @param taskId the task
 * @param attempt number of the attempt; a later one, after a retry by hand, goes on
 */
public record CancelMessage(String taskId, int attempt) {
    public JsonObject toJson() {
        return JsonText.object()
                .add("version", TaskMessage.VERSION)
                .add("order", "cancel")
                .add("task", taskId)
                .add("attempt", attempt)
                .build();
    }

    /** Reads the shape; throws INVALID {@code unknown-message} for another version, order or shape. */
    public static CancelMessage fromJson(JsonObject json) {
        try {
            if (json.getInt("version") == TaskMessage.VERSION
                    && json.getString("order").equals("cancel")) {
                return new CancelMessage(json.getString("task"), json.getInt("attempt"));
            }
        } catch (ClassCastException | NullPointerException | ArithmeticException e) {
            throw unknown(e);
        }
        throw unknown(null);
    }

    private static HoldfastException unknown(@org.jspecify.annotations.Nullable RuntimeException cause) {
        String sentence = "This order is unknown; workers and masters must be of one release.";
        return cause == null
                ? HoldfastException.of(FailureKind.INVALID, "unknown-message", sentence)
                : HoldfastException.of(FailureKind.INVALID, "unknown-message", sentence, cause);
    }
}
