package org.holdfast.master.catalog;

import java.time.Instant;
import org.holdfast.contract.FileAddress;

/**
 * A lock that stands.
 *
 * @param address the name that is locked
 * @param kind why
 * @param user name of the account that holds it
 * @param token fencing number; a later holder has a larger one
 * @param since when it was taken
 * @param until when it ends unless it is renewed, by the database's clock
 */
public record LockView(FileAddress address, LockKind kind, String user, long token, Instant since, Instant until) {}
