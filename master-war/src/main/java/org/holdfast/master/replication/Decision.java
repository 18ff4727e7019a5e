package org.holdfast.master.replication;

import java.time.Duration;

/** What follows from one attempt at a task. Delays are never negative and count from when the decision is made. */
public sealed interface Decision {

    /** The work is done: the replica is verified, or gone if it was to be deleted. */
    record Done() implements Decision {}

    /** The same plan again after a while: the same target, and any source that is not in doubt. */
    record RetrySame(Duration delay) implements Decision {}

    /** Another target; this one has no room. */
    record ReplanTarget(Duration delay) implements Decision {}

    /** Nobody is to blame: the same plan again, soon, on any worker. */
    record HandBack(Duration delay) implements Decision {}

    /**
     * Dead letter: people have to look at it.
     *
     * @param reason one sentence for them
     */
    record Dead(String reason) implements Decision {}
}
