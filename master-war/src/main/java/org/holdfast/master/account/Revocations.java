package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which sessions have ended before their time. Tokens are believed without a look into the database; this is the short
 * list of those that are not. It is read again {@link #EVERY}, so that a token is refused by every master within two
 * seconds of its end; a list that is older than {@link #MAX_AGE} is not relied upon.
 */
@ApplicationScoped
public class Revocations {
    /** How often to call {@link #refresh}. */
    public static final Duration EVERY = Duration.ofSeconds(1);

    static final Duration MAX_AGE = Duration.ofSeconds(2);

    /** How far back a reading looks: further than any transaction lasts, since rows become visible when it ends. */
    private static final Duration LOOK_BACK = Duration.ofSeconds(30);

    /** How often the list is read as a whole, and forgets what has been swept away. */
    private static final Duration WHOLE_EVERY = Duration.ofMinutes(15);

    /** What this master has ended itself: it need not wait for the next reading to see it. */
    private final AtomicLong ended = new AtomicLong();

    private volatile Known known = new Known(Map.of(), Map.of(), new Reading(Instant.EPOCH, Instant.EPOCH, 0));

    @Inject
    Revoke revoke;

    @Inject
    Clock clock;

    /**
     * When the list was read, and what is surely in it.
     *
     * @param ended how many ends of this master's own had been committed before
     */
    private record Reading(Instant at, Instant wholeAt, long ended) {}

    private record Known(Map<Long, Integer> epochs, Map<String, Revoke.Entry> sessions, Reading reading) {}

    /** Whether a session goes on; its id is empty for a password that is remembered. */
    boolean lets(Caller caller, String sessionId) {
        if (isStale()) {
            refreshIfStale();
        }
        Known list = known;
        return caller.epoch() >= list.epochs.getOrDefault(caller.accountId(), 0)
                && !list.sessions.containsKey(sessionId);
    }

    /** How many sessions of an account are listed one by one. */
    long sessionsOf(long accountId) {
        return known.sessions.values().stream()
                .filter(entry -> entry.accountId() == accountId)
                .count();
    }

    private boolean isStale() {
        Reading last = known.reading;
        return last.ended != ended.get() || !clock.instant().isBefore(last.at.plus(MAX_AGE));
    }

    /** Of many who wait for the same reading, the first one reads. */
    private synchronized void refreshIfStale() {
        if (isStale()) {
            refresh();
        }
    }

    /** Reads what is new. */
    public synchronized void refresh() {
        long endedBefore = ended.get();
        Instant now = clock.instant();
        Known before = known;
        boolean whole = !now.isBefore(before.reading.wholeAt.plus(WHOLE_EVERY))
                || !now.isBefore(before.reading.at.plus(LOOK_BACK.dividedBy(2)));
        Map<Long, Integer> epochs = new HashMap<>(whole ? Map.of() : before.epochs);
        Map<String, Revoke.Entry> sessions = new HashMap<>(whole ? Map.of() : before.sessions);
        for (Revoke.Entry entry : revoke.within(whole ? Sessions.LIFE.multipliedBy(2) : LOOK_BACK)) {
            entry.sessionId()
                    .ifPresentOrElse(
                            id -> sessions.put(id, entry),
                            () -> epochs.merge(entry.accountId(), entry.epoch(), Math::max));
        }
        sessions.values().removeIf(entry -> entry.epoch() < epochs.getOrDefault(entry.accountId(), 0));
        known = new Known(epochs, sessions, new Reading(now, whole ? now : before.reading.wholeAt, endedBefore));
    }

    void onRevoked(@Observes(during = TransactionPhase.AFTER_SUCCESS) Revoke.Revoked event) {
        ended.incrementAndGet();
    }
}
