package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandstillTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path temp;

    private Duration now = Duration.ofHours(1);
    private Duration cpu = Duration.ofSeconds(7);

    @SuppressWarnings("NullAway.Init")
    private Path log;

    @SuppressWarnings("NullAway.Init")
    private Standstill standstill;

    @BeforeEach
    void watch() throws IOException {
        log = Files.writeString(temp.resolve("log"), "of an earlier run\n");
        standstill = new Standstill(
                () -> now.toNanos(), () -> cpu, new LogTail(log, Files.size(log)).reader()::newLines, PATIENCE);
    }

    private Duration after(Duration time) {
        now = now.plus(time);
        return standstill.lasts();
    }

    private void writes(String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.APPEND);
    }

    @Test
    void who_does_nothing_stands_still() {
        assertThat(after(Duration.ofSeconds(40))).hasSeconds(40);
        assertThat(after(Duration.ofSeconds(20))).isEqualTo(PATIENCE);
    }

    @Test
    void the_little_that_an_idle_one_uses_is_no_progress_and_a_fifth_of_a_core_is() {
        for (int second = 1; second <= 60; second++) {
            cpu = cpu.plusMillis(20);
            assertThat(after(Duration.ofSeconds(1))).hasSeconds(second);
        }
        for (int second = 1; second <= 120; second++) {
            cpu = cpu.plusMillis(200);
            Duration lasts = after(Duration.ofSeconds(1));
            assertThat(second < 10 || lasts.toSeconds() < 10).isTrue();
        }
    }

    @Test
    void a_new_line_is_progress_and_the_same_one_later_is_not() throws IOException {
        now = now.plusSeconds(30);
        writes("2026-11-29T10:00:00.123Z INFO boots\n");
        assertThat(standstill.lasts()).isZero();
        now = now.plusSeconds(30);
        writes("2026-11-29T10:00:30.456Z INFO boots\n2026-11-29T10:00:30.457Z INFO half");
        assertThat(standstill.lasts()).hasSeconds(30);
        writes(" a line\n");
        assertThat(standstill.lasts()).isZero();
        writes("2026-11-29 10:00:31 0 [Note] To recover: 17 pages\n");
        now = now.plusSeconds(30);
        assertThat(standstill.lasts()).isZero();
        writes("2026-11-29 10:00:46 0 [Note] To recover: 16 pages\n");
        now = now.plusSeconds(30);
        assertThat(standstill.lasts()).isZero();
    }

    @Test
    void who_waits_for_others_begins_anew() {
        assertThat(after(Duration.ofSeconds(50))).hasSeconds(50);
        standstill.beginAnew();
        assertThat(after(Duration.ofSeconds(50))).hasSeconds(50);
    }
}
