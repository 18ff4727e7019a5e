package org.holdfast.setup;

import java.util.List;

/**
 * How one run of a component begins.
 *
 * @param command the program with its arguments; no secret is among them
 * @param mark a part of the command line that no other process of this machine has: it proves, when the launcher was
 *     killed and comes back, that a recorded pid is still this component
 * @param whenReady run once the component is ready
 */
record Launch(List<String> command, String mark, Runnable whenReady) {

    /** Makes a launch when it is needed: preparing a database or unpacking Payara takes a second. */
    @FunctionalInterface
    interface Maker {
        /** Prepares what the component needs on disk. */
        Launch make();
    }
}
