package org.holdfast.setup;

import java.util.Locale;

/** Where a component of a local cluster stands. */
enum ComponentState {
    /** Not running, because nobody started it or somebody stopped it. */
    STOPPED,
    /** Running, not answering yet. */
    STARTING,
    /** It answered as it should when it was started. */
    READY,
    /** Frozen by {@code setup/node pause}. */
    PAUSED,
    /** Being ended. */
    STOPPING,
    /** Ended by {@code setup/node kill}. */
    KILLED,
    /** Ended by itself. */
    DIED,
    /** Ended because the masters removed it from the cluster: no start helps before an administrator lets it in again. */
    REMOVED;

    /** Whether there is a process. */
    boolean isRunning() {
        return switch (this) {
            case STARTING, READY, PAUSED, STOPPING -> true;
            case STOPPED, KILLED, DIED, REMOVED -> false;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
