package org.holdfast.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PulseTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final Pulse pulse = new Pulse();

    private Duration patienceAfter(Duration time) {
        return pulse.patience(SILENCE, NOON.plus(time));
    }

    @Test
    void eachFalseAlarmDoublesThePatienceForTenMinutesFourTimesAtMost() {
        assertThat(patienceAfter(Duration.ZERO)).isEqualTo(SILENCE);
        pulse.wasAlive(NOON);
        assertThat(patienceAfter(Duration.ZERO)).hasSeconds(10);
        pulse.wasAlive(NOON.plusSeconds(60));
        assertThat(patienceAfter(Duration.ofMinutes(1))).hasSeconds(20);
        pulse.wasAlive(NOON.plusSeconds(120));
        assertThat(patienceAfter(Duration.ofMinutes(2))).hasSeconds(20);
        assertThat(patienceAfter(Duration.ofSeconds(659))).hasSeconds(20);
        assertThat(patienceAfter(Duration.ofMinutes(11))).hasSeconds(10);
        assertThat(patienceAfter(Duration.ofMinutes(12))).isEqualTo(SILENCE);
    }

    @Test
    void oneHeartbeatIsUnderWayAtATimeAndIsOverdueInTheEnd() {
        assertThat(pulse.isOverdue(SILENCE, NOON)).isFalse();
        assertThat(pulse.begin(NOON)).isTrue();
        assertThat(pulse.begin(NOON.plusSeconds(1))).isFalse();
        assertThat(pulse.isOverdue(SILENCE, NOON.plusMillis(4_999))).isFalse();
        assertThat(pulse.isOverdue(SILENCE, NOON.plusSeconds(5))).isTrue();
        pulse.end();
        assertThat(pulse.isOverdue(SILENCE, NOON.plusSeconds(5))).isFalse();
    }
}
