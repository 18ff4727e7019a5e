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
    DIED;

    /** Whether there is a process. */
    boolean isRunning() {
        return switch (this) {
            case STARTING, READY, PAUSED, STOPPING -> true;
            case STOPPED, KILLED, DIED -> false;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
