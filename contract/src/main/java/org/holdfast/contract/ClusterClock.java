package org.holdfast.contract;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * The masters' time, as a member knows it: the machine's own clock and how far the masters' are ahead of it. Tickets and
 * signed calls are only as good as the time that they carry; with this a member whose clock is wrong works all the same.
 * Thread-safe.
 */
public final class ClusterClock extends Clock {
    /** Clocks that are set by NTP differ by milliseconds; below this the machine's own is better than an answer. */
    static final Duration GOOD_ENOUGH = Duration.ofSeconds(2);

    private final Clock own;
    private volatile Duration ahead = Duration.ZERO;

    /** A clock that shows the machine's time until it learns better. */
    public ClusterClock(Clock own) {
        this.own = own;
    }

    /** By how much the masters' clocks are ahead of this machine's; negative when they are behind. */
    public Duration ahead() {
        return ahead;
    }

    /** The machine's own time. */
    Instant own() {
        return own.instant();
    }

    /**
     * Takes over what a member answered.
     *
     * @param now its time when it answered
     * @param asked own time when it was asked
     * @param answered own time when the answer was there
     */
    void learn(Instant now, Instant asked, Instant answered) {
        Instant middle = asked.plus(Duration.between(asked, answered).dividedBy(2));
        Duration difference = Duration.between(middle, now);
        ahead = difference.abs().compareTo(GOOD_ENOUGH) < 0 ? Duration.ZERO : difference;
    }

    @Override
    public Instant instant() {
        return own.instant().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return own.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        var other = new ClusterClock(own.withZone(zone));
        other.ahead = ahead;
        return other;
    }
}
