package org.holdfast.master.replication;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.Outcome.Side;

/**
 * What follows from what came back: the whole retry policy, as one pure function. ADR 0011 explains the rows that look
 * odd.
 *
 * <table>
 * <caption>The rows, first match wins; "backs off" turns into a dead letter at the last attempt</caption>
 * <tr><th>what came back</th><th>what follows</th></tr>
 * <tr><td>done, already done</td><td>done</td></tr>
 * <tr><td>handed back; cancelled, where somebody wants the task after all</td><td>again at once, however often</td></tr>
 * <tr><td>unknown message; any status not named below</td><td>dead</td></tr>
 * <tr><td>any other outcome of the last attempt</td><td>dead</td></tr>
 * <tr><td>worker lost, ticket expired</td><td>again after the back-off, nobody blamed</td></tr>
 * <tr><td>refused, reset, time-out, stall, worker failed, unproven, 403, 408, 429, 500, 502, 503, 504; 404 and 409 of the
 * target</td><td>same plan after the back-off</td></tr>
 * <tr><td>507 of the target</td><td>another target at once</td></tr>
 * <tr><td>404, 410, 422 of the source, 422 of the target</td><td>same plan after the back-off, the source is
 * in doubt</td></tr>
 * </table>
 */
public final class RetryTable {
    /** Attempts before a task is dead, where nothing else is configured: with this back-off about 8.5 minutes. */
    public static final int DEFAULT_MAX_ATTEMPTS = 10;

    /** Longest wait before chance is added, whether it comes from the back-off or from a partner's Retry-After. */
    public static final Duration CAP = Duration.ofMinutes(10);

    /** Waits are spread by this share of them, up or down, so that tasks that failed together don't return together. */
    public static final double JITTER = 0.2;

    private static final Duration FIRST = Duration.ofSeconds(1);

    /** 2^10 s are beyond the cap already; more doublings would only overflow. */
    private static final int MAX_DOUBLINGS = 10;

    private RetryTable() {}

    /**
     * Decides what follows from one attempt.
     *
     * @param attempt number of the attempt that ended so, from 1
     * @param maxAttempts number of the last attempt that a task gets, from 1
     * @param jitter source of chance
     */
    public static Decision decide(Outcome outcome, int attempt, int maxAttempts, RandomGenerator jitter) {
        if (attempt < 1 || maxAttempts < 1) {
            throw new IllegalArgumentException("attempts count from 1: " + attempt + " of " + maxAttempts);
        }
        Decision decision = row(outcome, attempt, jitter);
        boolean goesOn = !(decision instanceof Decision.Done || decision instanceof Decision.Dead);
        if (goesOn && attempt >= maxAttempts && !isNobodysFailure(outcome)) {
            return new Decision.Dead("attempts exhausted (" + attempt + "), the last one: " + told(outcome));
        }
        return decision;
    }

    /**
     * Whether the replica that was read from is in doubt, whatever becomes of the task: also when the attempt was the last
     * and the decision is {@link Decision.Dead}. More than a doubt it is not, for the source has not signed it.
     */
    public static boolean doubtsSource(Outcome outcome) {
        boolean answered = outcome.condition() == Outcome.Condition.HTTP;
        return answered
                && switch (outcome.side()) {
                    case SOURCE -> outcome.status() == 404 || outcome.status() == 410 || outcome.status() == 422;
                    case TARGET -> outcome.status() == 422;
                    case NONE -> false;
                };
    }

    /** Whether the attempt ended because a person wanted it or time went by, and so does not count. */
    static boolean isNobodysFailure(Outcome outcome) {
        return outcome.condition() == Outcome.Condition.HANDED_BACK
                || outcome.condition() == Outcome.Condition.TICKET_EXPIRED
                || outcome.condition() == Outcome.Condition.CANCELLED;
    }

    private static Decision row(Outcome outcome, int attempt, RandomGenerator jitter) {
        return switch (outcome.condition()) {
            case DONE, ALREADY -> new Decision.Done();
            case REFUSED, RESET, TIMEOUT, STALL, WORKER_FAILED, UNPROVEN ->
                new Decision.RetrySame(delay(outcome, attempt, jitter));
            // A warm shutdown is nobody's failure, so it needs no pause and costs the task nothing.
            case HANDED_BACK, CANCELLED -> new Decision.HandBack(Duration.ZERO);
            // The pause keeps a task that kills its worker from taking one worker after the other down.
            // It lay in its queue for longer than the tickets in it last; the next sending has new ones.
            case WORKER_LOST, TICKET_EXPIRED -> new Decision.HandBack(delay(outcome, attempt, jitter));
            case UNKNOWN_MESSAGE -> new Decision.Dead("the worker does not know this kind of task: " + told(outcome));
            case HTTP -> http(outcome, attempt, jitter);
        };
    }

    private static Decision http(Outcome outcome, int attempt, RandomGenerator jitter) {
        if (doubtsSource(outcome)) {
            return new Decision.RetrySame(delay(outcome, attempt, jitter));
        }
        boolean target = outcome.side() == Side.TARGET;
        int status = outcome.status();
        return switch (status) {
            // 403: a node does not know the key of its ticket yet, while keys are changed.
            case 403, 408, 429, 500, 502, 503, 504 -> new Decision.RetrySame(delay(outcome, attempt, jitter));
            // 404: something else answers at the target's address. 409: another worker writes the same blob there now;
            // when it is through, the next attempt hears "already there".
            case 404, 409 -> target ? new Decision.RetrySame(delay(outcome, attempt, jitter)) : unexpected(outcome);
            case 507 -> target ? new Decision.ReplanTarget(Duration.ZERO) : unexpected(outcome);
            default -> unexpected(outcome);
        };
    }

    private static Decision unexpected(Outcome outcome) {
        return new Decision.Dead("an answer that no retry can mend: " + told(outcome));
    }

    private static Duration delay(Outcome outcome, int attempt, RandomGenerator jitter) {
        Duration backOff = shorter(FIRST.multipliedBy(1L << Math.min(attempt - 1, MAX_DOUBLINGS)), CAP);
        Duration asked = longer(shorter(outcome.retryAfter().orElse(Duration.ZERO), CAP), Duration.ZERO);
        double chance = jitter.nextDouble();
        // The back-off is spread both ways; what a partner asked for is a minimum and only spread upwards.
        return longer(scaled(backOff, 1 - JITTER + 2 * JITTER * chance), scaled(asked, 1 + JITTER * chance));
    }

    private static Duration scaled(Duration duration, double factor) {
        return Duration.ofMillis(Math.round(duration.toMillis() * factor));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static String told(Outcome outcome) {
        String status = outcome.status() == 0 ? "" : " " + outcome.status();
        String side = outcome.side() == Side.NONE
                ? ""
                : " from the " + outcome.side().name().toLowerCase(java.util.Locale.ROOT);
        return outcome.condition() + status + side + ": " + outcome.detail();
    }
}
