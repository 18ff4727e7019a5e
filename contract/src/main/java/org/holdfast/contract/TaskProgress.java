package org.holdfast.contract;

import jakarta.json.JsonObject;

/**
 * How far a worker is with an attempt, told once a second while it lasts.
 *
 * @param taskId the task
 * @param attempt number of the attempt, as in the task's message
 * @param worker name of the worker
 * @param bytes how many bytes have been moved
 * @param sizeBytes how many there are, or {@link BlobFacts#UNKNOWN_SIZE}
 * @param bytesPerSecond rate since it was told last
 */
public record TaskProgress(String taskId, int attempt, String worker, long bytes, long sizeBytes, long bytesPerSecond) {
    public JsonObject toJson() {
        return JsonText.object()
                .add("task", taskId)
                .add("attempt", attempt)
                .add("worker", worker)
                .add("bytes", bytes)
                .add("size", sizeBytes)
                .add("rate", bytesPerSecond)
                .build();
    }

    public static TaskProgress fromJson(JsonObject json) {
        return new TaskProgress(
                json.getString("task"),
                json.getInt("attempt"),
                json.getString("worker"),
                json.getJsonNumber("bytes").longValueExact(),
                json.getJsonNumber("size").longValueExact(),
                json.getJsonNumber("rate").longValueExact());
    }
}
