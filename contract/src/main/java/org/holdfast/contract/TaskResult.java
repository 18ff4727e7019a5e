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
    /** Times before or after these come from a clock that is not set; a catalog could not keep them. */
    private static final Instant EARLIEST = Instant.EPOCH;

    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    public TaskResult {
        if (attempt < 0 || bytes < 0) {
            throw new IllegalArgumentException("a result counts attempts and bytes from 0");
        }
        startedAt = within(startedAt);
        endedAt = within(endedAt);
    }

    private static Instant within(Instant time) {
        return time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
    }

    /** The same with another outcome. */
    public TaskResult with(Outcome other) {
        return new TaskResult(taskId, attempt, worker, other, bytes, startedAt, endedAt);
    }

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
