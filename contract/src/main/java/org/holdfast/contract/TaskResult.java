package org.holdfast.contract;

import jakarta.json.JsonObject;
import java.time.Instant;

/**
 * A worker's report on one attempt, sent in the same transaction that takes the task from its queue.
 *
 * @param taskId the task
 * @param attempt number of the attempt, as in the task's message
 * @param worker name of the worker
 * @param outcome what came back
 * @param bytes how many bytes were moved
 * @param startedAt when the worker took the task
 * @param endedAt when it had the outcome
 */
public record TaskResult(
        String taskId, int attempt, String worker, Outcome outcome, long bytes, Instant startedAt, Instant endedAt) {
    public JsonObject toJson() {
        return JsonText.object()
                .add("version", TaskMessage.VERSION)
                .add("task", taskId)
                .add("attempt", attempt)
                .add("worker", worker)
                .add("outcome", outcome.toJson())
                .add("bytes", bytes)
                .add("startedAt", startedAt.toString())
                .add("endedAt", endedAt.toString())
                .build();
    }

    public static TaskResult fromJson(JsonObject json) {
        return new TaskResult(
                json.getString("task"),
                json.getInt("attempt"),
                json.getString("worker"),
                Outcome.fromJson(json.getJsonObject("outcome")),
                json.getJsonNumber("bytes").longValueExact(),
                Instant.parse(json.getString("startedAt")),
                Instant.parse(json.getString("endedAt")));
    }
}
