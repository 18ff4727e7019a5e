package org.holdfast.master.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.holdfast.contract.Outcome.Condition.CANCELLED;
import static org.holdfast.contract.Outcome.Condition.DONE;
import static org.holdfast.contract.Outcome.Condition.HANDED_BACK;
import static org.holdfast.contract.Outcome.Condition.HTTP;
import static org.holdfast.contract.Outcome.Condition.TIMEOUT;
import static org.holdfast.contract.Outcome.Condition.UNKNOWN_MESSAGE;
import static org.holdfast.contract.Outcome.Condition.WORKER_LOST;
import static org.holdfast.contract.Outcome.Side.NONE;
import static org.holdfast.contract.Outcome.Side.SOURCE;
import static org.holdfast.contract.Outcome.Side.TARGET;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.Outcome.Condition;
import org.holdfast.contract.Outcome.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTableTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @EnumSource(names = {"DONE", "ALREADY"})
    void done_is_done(Condition condition) {
        assertThat(decide(Outcome.of(condition, NONE, ""))).isEqualTo(new Decision.Done());
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 204})
    void a_success_that_is_told_as_a_failure_contradicts_itself(int status) {
        assertThat(decide(http(TARGET, status))).isInstanceOf(Decision.Dead.class);
        assertThat(decide(http(SOURCE, status))).isInstanceOf(Decision.Dead.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"REFUSED", "RESET", "TIMEOUT", "STALL", "WORKER_FAILED", "UNPROVEN"})
    void a_broken_connection_backs_off_with_the_same_plan(Condition condition) {
        for (Side side : Side.values()) {
            assertThat(decide(Outcome.of(condition, side, ""))).isEqualTo(new Decision.RetrySame(SECOND));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void a_passing_trouble_backs_off_with_the_same_plan(int status) {
        assertThat(decide(http(SOURCE, status))).isEqualTo(new Decision.RetrySame(SECOND));
        assertThat(decide(http(TARGET, status))).isEqualTo(new Decision.RetrySame(SECOND));
    }

    @Test
    void a_full_target_is_replaced_at_once() {
        assertThat(decide(http(TARGET, 507))).isEqualTo(new Decision.ReplanTarget(Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410, 422})
    void a_source_that_lacks_the_blob_or_damages_it_is_in_doubt(int status) {
        assertThat(decide(http(SOURCE, status))).isEqualTo(new Decision.RetrySame(SECOND));
        assertThat(RetryTable.doubtsSource(http(SOURCE, status))).isTrue();
    }

    @Test
    void a_wrong_digest_at_the_target_makes_the_source_prove_itself() {
        assertThat(decide(http(TARGET, 422))).isEqualTo(new Decision.RetrySame(SECOND));
    }

    /** As while the keys of the cluster are changed. */
    @Test
    void a_ticket_that_a_node_does_not_know_is_made_anew() {
        for (var side : List.of(SOURCE, TARGET)) {
            assertThat(decide(http(side, 403))).isInstanceOf(Decision.RetrySame.class);
        }
    }

    private static final Set<Outcome.Condition> NOBODYS =
            Set.of(HANDED_BACK, CANCELLED, Outcome.Condition.TICKET_EXPIRED);

    @Test
    void a_ticket_that_has_expired_in_a_queue_costs_no_attempt() {
        var late = Outcome.of(Outcome.Condition.TICKET_EXPIRED, SOURCE, "late");
        assertThat(RetryTable.decide(late, 10, 10, new java.util.Random(1)))
                .asInstanceOf(type(Decision.HandBack.class))
                .extracting(Decision.HandBack::delay)
                .satisfies(delay -> assertThat(delay).isPositive());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 405, 410, 413, 501, 300, 302, 0})
    void what_no_retry_can_mend_is_dead_with_its_reason(int status) {
        assertThat(decide(http(TARGET, status)))
                .asInstanceOf(type(Decision.Dead.class))
                .extracting(Decision.Dead::reason)
                .asString()
                .contains("from the target", "told so");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 409, 507})
    void a_source_that_refuses_is_fatal(int status) {
        assertThat(decide(http(SOURCE, status)))
                .asInstanceOf(type(Decision.Dead.class))
                .extracting(Decision.Dead::reason)
                .asString()
                .contains(status + " from the source");
    }

    @Test
    void an_unknown_message_is_fatal() {
        assertThat(decide(Outcome.of(UNKNOWN_MESSAGE, NONE, "version 9")))
                .asInstanceOf(type(Decision.Dead.class))
                .extracting(Decision.Dead::reason)
                .asString()
                .contains("version 9");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 409})
    void a_target_that_is_not_itself_or_busy_with_the_same_blob_is_asked_again(int status) {
        assertThat(decide(http(TARGET, status))).isEqualTo(new Decision.RetrySame(SECOND));
    }

    @ParameterizedTest
    @EnumSource(names = {"HANDED_BACK", "CANCELLED"})
    void what_people_wanted_is_no_failure_however_often_it_happens(Condition condition) {
        Outcome handedBack = Outcome.of(condition, NONE, "");
        assertThat(decide(handedBack)).isEqualTo(new Decision.HandBack(Duration.ZERO));
        assertThat(RetryTable.decide(handedBack, 99, 10, middle())).isEqualTo(new Decision.HandBack(Duration.ZERO));
    }

    @Test
    void a_task_whose_worker_died_pauses_and_dies_when_it_keeps_killing_workers() {
        Outcome lost = Outcome.of(WORKER_LOST, NONE, "");
        assertThat(decide(lost)).isEqualTo(new Decision.HandBack(SECOND));
        assertThat(RetryTable.decide(lost, 10, 10, middle())).isInstanceOf(Decision.Dead.class);
    }

    @Test
    void the_back_off_doubles_up_to_ten_minutes() {
        assertThat(delayAt(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(delayAt(2)).isEqualTo(Duration.ofSeconds(2));
        assertThat(delayAt(10)).isEqualTo(Duration.ofSeconds(512));
        assertThat(delayAt(11)).isEqualTo(Duration.ofMinutes(10));
        assertThat(delayAt(Integer.MAX_VALUE - 1)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void retry_after_is_honoured_up_to_the_cap_and_never_undercut() {
        assertThat(delay(asking(30), 1, 0)).isEqualTo(Duration.ofSeconds(30));
        assertThat(delay(asking(30), 1, 1)).isEqualTo(Duration.ofSeconds(36));
        assertThat(delay(asking(1), 10, 0.5)).as("the back-off is longer").isEqualTo(Duration.ofSeconds(512));
        assertThat(delay(asking(Long.MAX_VALUE), 1, 0)).isEqualTo(Duration.ofMinutes(10));
        assertThat(delay(asking(-5), 1, 0.5)).isEqualTo(SECOND);
    }

    @Test
    void the_doubt_about_a_source_is_told_also_when_the_task_dies() {
        Outcome corrupt = http(SOURCE, 422);
        assertThat(RetryTable.decide(corrupt, 10, 10, middle())).isInstanceOf(Decision.Dead.class);
        assertThat(RetryTable.doubtsSource(corrupt)).isTrue();
        assertThat(RetryTable.doubtsSource(http(TARGET, 422))).isTrue();
        assertThat(RetryTable.doubtsSource(http(TARGET, 404))).isFalse();
        assertThat(RetryTable.doubtsSource(http(SOURCE, 503))).isFalse();
        assertThat(RetryTable.doubtsSource(Outcome.of(TIMEOUT, SOURCE, ""))).isFalse();
    }

    @Test
    void attempts_count_from_one() {
        Outcome any = Outcome.of(DONE, NONE, "");
        assertThatThrownBy(() -> RetryTable.decide(any, 0, 10, middle())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RetryTable.decide(any, 1, 0, middle())).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void what_goes_on_dies_exactly_when_the_attempts_are_exhausted(
            @ForAll("outcomes") Outcome outcome,
            @ForAll @IntRange(min = 1, max = 40) int attempt,
            @ForAll @IntRange(min = 1, max = 20) int maxAttempts) {
        Decision first = RetryTable.decide(outcome, 1, Integer.MAX_VALUE, middle());
        boolean ended = first instanceof Decision.Done || first instanceof Decision.Dead;
        boolean exhausted = attempt >= maxAttempts && !NOBODYS.contains(outcome.condition());

        Decision decision = RetryTable.decide(outcome, attempt, maxAttempts, middle());

        if (ended) {
            assertThat(decision).isEqualTo(first);
        } else if (exhausted) {
            assertThat(((Decision.Dead) decision).reason()).startsWith("attempts exhausted (" + attempt + ")");
        } else {
            assertThat(decision).hasSameClassAs(first);
        }
    }

    @Property
    void no_delay_is_negative_or_above_the_cap_and_its_jitter(
            @ForAll("outcomes") Outcome outcome, @ForAll @IntRange(min = 1) int attempt, @ForAll long seed) {
        Duration delay = delayOf(RetryTable.decide(outcome, attempt, Integer.MAX_VALUE, new Random(seed)));

        assertThat(delay).isBetween(Duration.ZERO, Duration.ofMinutes(12));
    }

    @Property
    void for_equal_luck_a_later_attempt_never_waits_less(
            @ForAll @IntRange(min = 1, max = 30) int attempt,
            @ForAll @DoubleRange(max = 1, maxIncluded = false) double luck,
            @ForAll @IntRange(max = 700) int retryAfter) {
        assertThat(delay(asking(retryAfter), attempt + 1, luck))
                .isGreaterThanOrEqualTo(delay(asking(retryAfter), attempt, luck));
    }

    @Provide
    Arbitrary<Outcome> outcomes() {
        return Combinators.combine(
                        Arbitraries.of(Condition.class),
                        Arbitraries.of(Side.class),
                        Arbitraries.of(
                                0, 200, 201, 400, 401, 403, 404, 408, 409, 410, 422, 429, 500, 502, 503, 504, 507),
                        Arbitraries.longs().map(Duration::ofSeconds).optional())
                .as((condition, side, status, wait) -> new Outcome(condition, side, status, wait, "detail"));
    }

    private static Decision decide(Outcome outcome) {
        return RetryTable.decide(outcome, 1, RetryTable.DEFAULT_MAX_ATTEMPTS, middle());
    }

    private static Outcome http(Side side, int status) {
        return new Outcome(HTTP, side, status, Optional.empty(), "told so");
    }

    private static Outcome asking(long seconds) {
        return new Outcome(HTTP, TARGET, 503, Optional.of(Duration.ofSeconds(seconds)), "busy");
    }

    private static Duration delayAt(int attempt) {
        return delay(http(TARGET, 503), attempt, 0.5);
    }

    private static Duration delay(Outcome outcome, int attempt, double luck) {
        return delayOf(RetryTable.decide(outcome, attempt, Integer.MAX_VALUE, new Luck(luck)));
    }

    private static Duration delayOf(Decision decision) {
        if (decision instanceof Decision.RetrySame retry) {
            return retry.delay();
        }
        if (decision instanceof Decision.HandBack handBack) {
            return handBack.delay();
        }
        return decision instanceof Decision.ReplanTarget replan ? replan.delay() : Duration.ZERO;
    }

    /** Jitter that adds and takes nothing. */
    private static RandomGenerator middle() {
        return new Luck(0.5);
    }

    private record Luck(double value) implements RandomGenerator {
        @Override
        public double nextDouble() {
            return value;
        }

        @Override
        public long nextLong() {
            throw new AssertionError("only a fraction is asked for");
        }
    }
}
