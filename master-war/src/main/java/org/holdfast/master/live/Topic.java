package org.holdfast.master.live;

import java.util.Locale;

/** What people look at, and may be told to look at again. */
public enum Topic {
    /** The store in numbers. */
    CLUSTER,
    /** The nodes' states, and their samples. */
    NODES,
    /** Tasks, their progress, pauses, and checks of copies. */
    TASKS,
    ALARMS,
    /** Names of files and folders. */
    FILES;

    /** As clients know it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether only administrators can look at it. */
    public boolean isForAdministrators() {
        return this == TASKS || this == ALARMS;
    }
}
