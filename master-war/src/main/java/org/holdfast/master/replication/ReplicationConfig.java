package org.holdfast.master.replication;

import java.time.Duration;

/**
 * How patient replication is.
 *
 * @param maxAttempts attempts before a task is a dead letter
 * @param deleteGrace how long bytes outlive the last name that referred to them; longer than a ticket lives, so that a
 *     reader gets them whole
 * @param resendAfter how long a sent task may be silent before it is sent again; twice as long each further time
 * @param historyLife how long finished tasks are kept for people to look at
 */
public record ReplicationConfig(int maxAttempts, Duration deleteGrace, Duration resendAfter, Duration historyLife) {
    /** Longest wait: with the default of 30 s about half an hour. */
    static final int MAX_DOUBLINGS = 6;

    public ReplicationConfig {
        if (maxAttempts < 1 || deleteGrace.isNegative() || resendAfter.toMillis() < 100) {
            throw new IllegalArgumentException("holdfast.task.max-attempts must be at least 1,"
                    + " holdfast.delete.grace not negative, holdfast.task.resend-after at least 0.1 s");
        }
    }

    /** How long an attempt may be silent that was sent again so many times. */
    Duration silence(int resent) {
        return resendAfter.multipliedBy(1L << Math.min(resent, MAX_DOUBLINGS));
    }
}
