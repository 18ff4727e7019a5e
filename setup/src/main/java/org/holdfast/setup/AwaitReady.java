package org.holdfast.setup;

import java.time.Duration;
import java.util.Optional;

/**
 * Waits until a process that was started is ready: as long as it makes progress, however slow. What it needs itself
 * comes first: its patience begins when that answers.
 */
final class AwaitReady {
    private static final Duration FIRST_POLL = Duration.ofMillis(50);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(1);
    /** Each answer to a poll is computing time of the process that boots: no more than what costs 1 % of the wait. */
    private static final int POLLS_PER_WAIT = 100;
    /** Logs and needs are looked at less often than the port is asked: it costs more. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** What went wrong when the masters want no more of it. */
    static final String REMOVED = "was removed from the cluster";

    private final Process process;
    private final Component.Traits traits;
    private final LogTail tail;
    private final Component.Listener listener;
    private final Standstill standstill;
    private final long beginNanos = System.nanoTime();

    AwaitReady(Process process, Component.Traits traits, LogTail tail, Component.Listener listener) {
        this.process = process;
        this.traits = traits;
        this.tail = tail;
        this.listener = listener;
        standstill = Standstill.of(process.toHandle(), tail, traits.patience());
    }

    /**
     * Waits.
     *
     * @param besideOthers whether what it needs is being started, too: it is then waited for however long it takes
     * @return what went wrong, to follow the name of the component; empty when it is ready
     */
    Optional<String> run(boolean besideOthers) {
        boolean isMet = !besideOthers;
        Duration nextLook = LOOK_EVERY;
        var moments = new SlowMoments(traits.patience());
        while (process.isAlive()) {
            String complaint = traits.readiness().complaint();
            if (complaint.isEmpty()) {
                return Optional.empty();
            }
            if (complaint.contains(Readiness.REMOVED)) {
                return Optional.of(REMOVED);
            }
            Duration elapsed = Duration.ofNanos(System.nanoTime() - beginNanos);
            if (elapsed.compareTo(nextLook) >= 0) {
                nextLook = elapsed.plus(LOOK_EVERY);
                if (tail.tellsOfFailedDeployment()) {
                    return Optional.of("does not deploy");
                }
                isMet = isMet || traits.need().isMet();
                if (!isMet) {
                    standstill.beginAnew();
                } else if (standstill.lasts().compareTo(traits.patience()) >= 0) {
                    return Optional.of(givenUp(complaint));
                }
            }
            if (moments.hasCome(elapsed)) {
                tellSlow(elapsed, complaint);
            }
            Signal.awaitExit(process.toHandle(), pause(elapsed));
        }
        return Optional.of("ended with exit code " + process.exitValue());
    }

    private void tellSlow(Duration elapsed, String complaint) {
        if (traits.need().isMet()) {
            listener.slow(traits.name(), "boots", elapsed, complaint.replace(traits.address(), ""));
        } else {
            listener.slow(traits.name(), "waits for " + traits.need().what(), elapsed, "");
        }
    }

    private String givenUp(String complaint) {
        String stood = " for " + traits.patience().toSeconds() + " s";
        return traits.need().isMet()
                ? "stood still" + stood + ": nothing new in its log, no CPU time (" + complaint + ")"
                : "needs " + traits.need().what() + ", which gave no answer" + stood;
    }

    private static Duration pause(Duration elapsed) {
        long millis = Math.min(elapsed.toMillis() / POLLS_PER_WAIT, LONGEST_POLL.toMillis());
        return Duration.ofMillis(Math.max(millis, FIRST_POLL.toMillis()));
    }
}
