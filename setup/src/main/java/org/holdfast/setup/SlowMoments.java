package org.holdfast.setup;

import java.time.Duration;

/** When people are told that something takes long: after 20 s and then each 30 s, sooner with little patience. */
final class SlowMoments {
    private static final Duration FIRST = Duration.ofSeconds(20);
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final Duration every;
    private Duration next;

    /** @param patience after which nobody would be told any more */
    SlowMoments(Duration patience) {
        next = least(FIRST, patience.dividedBy(3));
        every = least(EVERY, patience.dividedBy(2));
    }

    /** Whether one has come since this was last asked. */
    boolean hasCome(Duration elapsed) {
        boolean hasCome = elapsed.compareTo(next) >= 0;
        while (elapsed.compareTo(next) >= 0) {
            next = next.plus(every);
        }
        return hasCome;
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
