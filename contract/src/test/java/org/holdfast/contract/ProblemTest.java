package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProblemTest {
    @Test
    void every_kind_has_the_status_that_the_api_promises() {
        var statuses = new EnumMap<FailureKind, Integer>(FailureKind.class);
        Arrays.stream(FailureKind.values()).forEach(kind -> statuses.put(kind, Problem.status(kind)));
        assertThat(statuses)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry(FailureKind.INVALID, 400),
                        Map.entry(FailureKind.UNAUTHENTICATED, 401),
                        Map.entry(FailureKind.FORBIDDEN, 403),
                        Map.entry(FailureKind.NOT_FOUND, 404),
                        Map.entry(FailureKind.CONFLICT, 409),
                        Map.entry(FailureKind.PRECONDITION, 412),
                        Map.entry(FailureKind.TOO_SLOW, 408),
                        Map.entry(FailureKind.TOO_LARGE, 413),
                        Map.entry(FailureKind.UNSUPPORTED, 415),
                        Map.entry(FailureKind.CORRUPT, 422),
                        Map.entry(FailureKind.LOCKED, 423),
                        Map.entry(FailureKind.THROTTLED, 429),
                        Map.entry(FailureKind.BUG, 500),
                        Map.entry(FailureKind.UNAVAILABLE, 503),
                        Map.entry(FailureKind.FULL, 507)));
    }

    @Test
    void says_what_a_program_and_a_person_need() {
        var problem = Problem.of(HoldfastException.of(
                FailureKind.FULL, "full", "Node \"sn1\" is full.", new IllegalStateException("x")));
        try (var reader = Json.createReader(new StringReader(problem.toJson()))) {
            var json = reader.readObject();
            assertThat(json.getInt("status")).isEqualTo(507);
            assertThat(json.getString("code")).isEqualTo("full");
            assertThat(json.getString("detail")).isEqualTo("Node \"sn1\" is full.");
            assertThat(json.getString("type")).isEqualTo("urn:holdfast:problem:full");
            assertThat(json.getString("title")).isEqualTo("Storage node full");
        }
        assertThat(problem.retryAfterSeconds()).isEmpty();
    }

    @Test
    void a_wait_is_told_in_whole_seconds_and_at_least_one() {
        assertThat(Problem.of(HoldfastException.comeBack("busy", "Busy.", Duration.ofMillis(20)))
                        .retryAfterSeconds())
                .contains(1L);
        assertThat(Problem.of(HoldfastException.comeBack("busy", "Busy.", Duration.ofSeconds(30)))
                        .retryAfterSeconds())
                .contains(30L);
    }

    @Test
    void a_lock_tells_whose_it_is_and_until_when() {
        Instant until = Instant.parse("2026-11-21T12:00:00Z");
        var problem = Problem.of(HoldfastException.locked(
                "Locked by anna.", new LockHolder("anna", until, false), Duration.ofSeconds(90)));
        assertThat(problem.status()).isEqualTo(423);
        assertThat(problem.retryAfterSeconds()).contains(90L);
        try (var reader = Json.createReader(new StringReader(problem.toJson()))) {
            var json = reader.readObject();
            assertThat(json.getString("code")).isEqualTo("locked");
            assertThat(json.getString("lockedBy")).isEqualTo("anna");
            assertThat(json.getString("lockedUntil")).isEqualTo("2026-11-21T12:00:00Z");
        }
        assertThat(Problem.bug().toJson()).doesNotContain("locked");
    }

    @Test
    void a_defect_tells_nothing_of_the_inside() {
        assertThat(Problem.bug().status()).isEqualTo(500);
        assertThat(Problem.bug().code()).isEqualTo("bug");
    }
}
