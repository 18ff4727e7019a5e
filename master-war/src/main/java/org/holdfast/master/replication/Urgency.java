package org.holdfast.master.replication;

import org.holdfast.contract.TaskQueues;

/** How soon a task must be done; each has a queue of its own. */
public enum Urgency {
    /** One copy is left. */
    URGENT(TaskQueues.URGENT),
    NORMAL(TaskQueues.NORMAL),
    /** May wait for all others. */
    BACKGROUND(TaskQueues.BACKGROUND);

    private final String queue;

    Urgency(String queue) {
        this.queue = queue;
    }

    String queue() {
        return queue;
    }

    int column() {
        return ordinal();
    }

    static Urgency ofColumn(int column) {
        return values()[column];
    }
}
