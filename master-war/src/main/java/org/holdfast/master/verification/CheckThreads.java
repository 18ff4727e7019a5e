package org.holdfast.master.verification;

import java.util.concurrent.Executor;

/**
 * Where checks run: each on a thread of its own that may last for hours, never on the pool that heartbeats need.
 *
 * @param executor runs what it is given, at once
 */
public record CheckThreads(Executor executor) {}
