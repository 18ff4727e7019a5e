package org.holdfast.contract;

import java.util.List;

/** Names of the broker's queues, and of its topics; {@code setup/artemis/broker.xml} declares the same ones. */
public final class TaskQueues {
    /** Tasks for blobs with one copy left. */
    public static final String URGENT = "holdfast.tasks.urgent";

    public static final String NORMAL = "holdfast.tasks.normal";
    /** Tasks that may wait for all others. */
    public static final String BACKGROUND = "holdfast.tasks.background";
    /** Workers' {@link TaskResult}s. */
    public static final String RESULTS = "holdfast.results";
    /** Workers' progress, non-durable. */
    public static final String PROGRESS = "holdfast.progress";
    /** A topic, not a queue: every worker that is connected hears {@link CancelMessage}s; nothing is kept for others. */
    public static final String CONTROL = "holdfast.control";
    /** A topic that the broker itself listens to: masters tell which members were removed. */
    public static final String MEMBERS = "holdfast.members";
    /** Tasks whose worker died again and again. */
    public static final String DEAD = "holdfast.dead";

    /** The task queues, most urgent first. */
    public static final List<String> TASKS = List.of(URGENT, NORMAL, BACKGROUND);

    private TaskQueues() {}
}
