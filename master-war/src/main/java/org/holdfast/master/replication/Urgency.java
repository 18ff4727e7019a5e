package org.holdfast.master.replication;

import org.holdfast.contract.TaskQueues;
import org.holdfast.master.placement.CopyPlan;

/** How soon a task must be done; each has a queue of its own. */
public enum Urgency {
    /** One copy is left. */
    URGENT(0, TaskQueues.URGENT),
    NORMAL(1, TaskQueues.NORMAL),
    /** May wait for all others. */
    BACKGROUND(2, TaskQueues.BACKGROUND);

    private final int column;
    private final String queue;

    Urgency(int column, String queue) {
        this.column = column;
        this.queue = queue;
    }

    String queue() {
        return queue;
    }

    /** As it is stored; smaller is sooner. */
    int column() {
        return column;
    }

    static Urgency of(CopyPlan.Haste haste) {
        return switch (haste) {
            case LAST_COPY -> URGENT;
            case MISSING -> NORMAL;
            case MOVING -> BACKGROUND;
        };
    }

    static Urgency ofColumn(int column) {
        for (Urgency urgency : values()) {
            if (urgency.column == column) {
                return urgency;
            }
        }
        throw new IllegalArgumentException("no urgency is stored as " + column);
    }
}
