package org.holdfast.master.replication;

import java.time.Duration;

/**
 * How patient replication is.
 *
 * @param maxAttempts attempts before a task is a dead letter
 * @param deleteGrace how long bytes outlive the last name that referred to them; longer than a ticket lives, so that a
 *     reader gets them whole
 * @param resendAfter how long a sent task may be silent before it is sent again; the broker drops the duplicate if it
 *     still has the first
 * @param historyLife how long finished tasks are kept for people to look at
 */
public record ReplicationConfig(int maxAttempts, Duration deleteGrace, Duration resendAfter, Duration historyLife) {
    public ReplicationConfig {
        if (maxAttempts < 1 || deleteGrace.isNegative() || resendAfter.toMillis() < 100) {
            throw new IllegalArgumentException("holdfast.task.max-attempts must be at least 1,"
                    + " holdfast.delete.grace not negative, holdfast.task.resend-after at least 0.1 s");
        }
    }
}
