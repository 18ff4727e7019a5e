package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

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

    private volatile Known known = new Known(Map.of(), Set.of(), Instant.EPOCH, Instant.EPOCH);

    @Inject
    Revoke revoke;

    @Inject
    Clock clock;

    private record Known(Map<Long, Integer> epochs, Set<String> sessions, Instant readAt, Instant readWholeAt) {}

    /** Whether a session that was opened in this epoch goes on; the id is empty for a password that is remembered. */
    boolean lets(long accountId, int epoch, String sessionId) {
        if (!clock.instant().isBefore(known.readAt.plus(MAX_AGE))) {
            refresh();
        }
        Known list = known;
        return epoch >= list.epochs.getOrDefault(accountId, 0) && !list.sessions.contains(sessionId);
    }

    /** Reads what is new. */
    public synchronized void refresh() {
        Instant now = clock.instant();
        Known before = known;
        boolean whole = !now.isBefore(before.readWholeAt.plus(WHOLE_EVERY))
                || !now.isBefore(before.readAt.plus(LOOK_BACK.dividedBy(2)));
        Map<Long, Integer> epochs = new HashMap<>(whole ? Map.of() : before.epochs);
        Set<String> sessions = new HashSet<>(whole ? Set.of() : before.sessions);
        for (Revoke.Entry entry : revoke.within(whole ? Sessions.LIFE.multipliedBy(2) : LOOK_BACK)) {
            entry.sessionId()
                    .ifPresentOrElse(sessions::add, () -> epochs.merge(entry.accountId(), entry.epoch(), Math::max));
        }
        known = new Known(epochs, sessions, now, whole ? now : before.readWholeAt);
    }

    /** This master need not wait for the next reading to see what it has ended itself. */
    void onRevoked(@Observes(during = TransactionPhase.AFTER_SUCCESS) Revoke.Revoked event) {
        Known list = known;
        known = new Known(list.epochs, list.sessions, Instant.EPOCH, list.readWholeAt);
    }
}
