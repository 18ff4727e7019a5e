package org.holdfast.master.api;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Decides which refused requests are worth a line in the log: of those with one cause, one in ten seconds. A part that is away
 * or overloaded refuses thousands. Thread-safe.
 */
final class LogThrottle {
    private static final long EVERY_NANOS = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanoClock;
    private final Map<String, Logged> logged = new HashMap<>();

    /**
     * What is known of a cause.
     *
     * @param atNanos when a line was last written
     * @param since how many were refused without a line since then
     */
    private record Logged(long atNanos, long since) {}

    LogThrottle(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /**
     * Empty when nothing is to be written; otherwise what to add to the line: how many were refused without one.
     *
     * @param cause one of few words, kept for ever
     */
    synchronized Optional<String> next(String cause) {
        long now = nanoClock.getAsLong();
        Logged before = logged.get(cause);
        if (before != null && now - before.atNanos < EVERY_NANOS) {
            logged.put(cause, new Logged(before.atNanos, before.since + 1));
            return Optional.empty();
        }
        logged.put(cause, new Logged(now, 0));
        return Optional.of(
                before == null || before.since == 0 ? "" : "; " + before.since + " more since the last line");
    }
}
