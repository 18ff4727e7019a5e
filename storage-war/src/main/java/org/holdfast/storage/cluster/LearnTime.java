package org.holdfast.storage.cluster;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.holdfast.contract.AskTime;
import org.holdfast.contract.ClusterClock;

/** Keeps this node's clock at the masters' time: asks them at the start, now and then, and when a call's time was odd. */
public final class LearnTime {
    /** Time between two calls of {@link #run}. */
    public static final Duration BEAT = Duration.ofSeconds(1);

    private static final int ASK_EVERY_BEATS = 30;
    private static final Logger LOG = System.getLogger(LearnTime.class.getName());

    private final Membership membership;
    private final ClusterClock clock;
    private final AskTime ask;
    private int beats;

    public LearnTime(Membership membership, ClusterClock clock) {
        this.membership = membership;
        this.clock = clock;
        this.ask = new AskTime(clock);
    }

    /** One beat; does nothing before the node has ever joined. To be called by one thread. */
    public void run() {
        boolean doubted = membership.takeDoubtOfTime();
        var credentials = membership.knownCredentials();
        if (credentials.isEmpty() || !(doubted || beats++ % ASK_EVERY_BEATS == 0)) {
            return;
        }
        Duration before = clock.ahead();
        if (!ask.from(
                membership.masters(),
                membership.identity().name(),
                credentials.get().keys().clock())) {
            // Soon again.
            beats = 0;
        } else if (before.minus(clock.ahead()).abs().compareTo(Duration.ofSeconds(1)) > 0) {
            LOG.log(Level.WARNING, "the clock of this machine is wrong: the masters are ahead by {0}", clock.ahead());
        }
    }
}
