package org.holdfast.master.replication;

import java.time.Duration;

/** What follows from one attempt at a task. Delays are never negative and count from when the decision is made. */
public sealed interface Decision {

    /** The work is done: the replica is verified, or gone if it was to be deleted. */
    record Done() implements Decision {}

    /** The same plan again after a while: same source, same target. */
    record RetrySame(Duration delay) implements Decision {}

    /** Another target; this one has no room. */
    record ReplanTarget(Duration delay) implements Decision {}

    /** Another holder at once; the replica that was read from is marked with the fault first. */
    record ReplanSource(SourceFault fault) implements Decision {}

    /** Source or wire or target changed the bytes: the source proves its copy before it is copied again. */
    record VerifyBoth() implements Decision {}

    /** Nobody is to blame: the same plan again, soon, on any worker. */
    record HandBack(Duration delay) implements Decision {}

    /**
     * Dead letter: people have to look at it.
     *
     * @param reason one sentence for them
     */
    record Dead(String reason) implements Decision {}
}
