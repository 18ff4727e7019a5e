package org.holdfast.master.replication;

import java.util.Optional;
import org.holdfast.contract.TaskMessage;

/**
 * Which tasks somebody wants to see; all that is told must hold.
 *
 * @param state where they are in their life
 * @param node name of a node that they read from or write to
 * @param kind what they do
 * @param urgency how soon they must be done
 * @param path {@code namespace}, or {@code namespace/path} of a file or folder: tasks for it and for all below it
 */
public record TaskFilter(
        Optional<TaskState> state,
        Optional<String> node,
        Optional<TaskMessage.Kind> kind,
        Optional<Urgency> urgency,
        Optional<String> path) {
    /** Every task. */
    public static final TaskFilter NONE =
            new TaskFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
