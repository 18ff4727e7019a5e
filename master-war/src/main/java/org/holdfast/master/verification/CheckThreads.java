package org.holdfast.master.verification;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Where checks run: each on a thread of its own that may last for hours, never on the pool that heartbeats need; and how
 * long they rest there.
 *
 * @param executor runs what it is given, at once
 * @param rest between two questions to a node that did not answer the first
 */
public record CheckThreads(Executor executor, Duration rest) {}
