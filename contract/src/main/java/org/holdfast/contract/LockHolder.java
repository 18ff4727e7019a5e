package org.holdfast.contract;

import java.io.Serializable;
import java.time.Instant;

/**
 * Who is in the way of a change, and how long at most.
 *
 * @param user name of the account
 * @param until when the lock ends unless it is renewed
 * @param puts whether it is a put that is under way, which may end at any moment
 */
public record LockHolder(String user, Instant until, boolean puts) implements Serializable {}
