package org.holdfast.master.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** What the leader remembers of the heartbeats to one node. In memory only: a new leader begins without. Thread-safe. */
final class Pulse {
    /** How long the leader is more patient with a node that it took for dead and that was not. */
    static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** How long a node must have answered in time until it is late no more: what flaps is written down twice in that time. */
    static final Duration PROMPT_FOR = Duration.ofSeconds(10);

    private static final int DOUBLINGS = 2;

    private final Deque<Instant> falseAlarms = new ArrayDeque<>();
    private boolean underWay;
    private int misses;
    private Instant askedAt = Instant.EPOCH;
    private Instant recordedAt = Instant.EPOCH;
    private Instant lateAt = Instant.EPOCH;

    /** Begins a heartbeat; false while one is under way. */
    synchronized boolean begin(Instant now) {
        boolean isFree = !underWay;
        if (isFree) {
            underWay = true;
            askedAt = now;
        }
        return isFree;
    }

    synchronized void end() {
        underWay = false;
    }

    /** Whether the heartbeat that is under way has been for so long. */
    synchronized boolean isOverdue(Duration after, Instant now) {
        return underWay && !now.isBefore(askedAt.plus(after));
    }

    /** Counts a miss, and begins anew when there have been enough in a row. */
    synchronized boolean missed(int most) {
        misses++;
        boolean isEnough = misses >= most;
        if (isEnough) {
            misses = 0;
        }
        return isEnough;
    }

    /** Takes an answer down. Whether it is one of those in time for {@link #PROMPT_FOR}. */
    synchronized boolean answered(boolean late, Instant now) {
        misses = 0;
        if (late) {
            lateAt = now;
        }
        return !now.isBefore(lateAt.plus(PROMPT_FOR));
    }

    synchronized boolean isDue(Duration every, Instant now) {
        return now.isAfter(recordedAt.plus(every));
    }

    synchronized void recorded(Instant now) {
        recordedAt = now;
    }

    /** A node was down for its silence, and the same process answers now. */
    synchronized void wasAlive(Instant now) {
        falseAlarms.addLast(now);
        if (falseAlarms.size() > DOUBLINGS) {
            falseAlarms.removeFirst();
        }
    }

    /** How much silence is borne: twice as much for each false alarm of late, four times at most. */
    synchronized Duration patience(Duration silence, Instant now) {
        while (!falseAlarms.isEmpty() && !now.isBefore(falseAlarms.getFirst().plus(REMEMBERED))) {
            falseAlarms.removeFirst();
        }
        return silence.multipliedBy(1L << falseAlarms.size());
    }
}
