package org.holdfast.worker.queue;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.Optional;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.TaskMessage;

/** Makes sense of what comes from a task queue, as far as there is any. */
final class ReadTask {
    private ReadTask() {}

    /**
     * A message, read.
     *
     * @param taskId the task to report on; empty when the message does not even tell that
     * @param attempt its attempt, 0 where it was not told
     * @param task the work; empty for an unknown version, kind or shape
     */
    record Reading(Optional<String> taskId, int attempt, Optional<TaskMessage> task) {
        static final Reading NOTHING = new Reading(Optional.empty(), 0, Optional.empty());
    }

    static Reading read(Message message) throws JMSException {
        return message.isBodyAssignableTo(String.class) ? read(message.getBody(String.class)) : Reading.NOTHING;
    }

    static Reading read(String text) {
        try (var reader = JsonText.reader(text)) {
            return read(reader.readObject());
        } catch (JsonException e) {
            return Reading.NOTHING;
        }
    }

    private static Reading read(JsonObject json) {
        try {
            TaskMessage task = TaskMessage.fromJson(json);
            return new Reading(Optional.of(task.taskId()), task.attempt(), Optional.of(task));
        } catch (HoldfastException e) {
            Optional<String> taskId =
                    json.get("task") instanceof JsonString text ? Optional.of(text.getString()) : Optional.empty();
            return new Reading(taskId, json.getInt("attempt", 0), Optional.empty());
        }
    }
}
