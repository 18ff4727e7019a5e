package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComponentTest {
    private final AtomicInteger deaths = new AtomicInteger();

    @TempDir
    Path temp;

    @SuppressWarnings("NullAway.Init")
    private Component component;

    @BeforeEach
    void aProcessThatIsReadyAtOnce() {
        var traits = new Component.Traits(
                "sn1",
                ComponentKind.NODE,
                "http://127.0.0.1:1",
                new Readiness(List.of()),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10));
        var launch = new Launch(List.of("sleep", "1000"), "sleep", () -> {});
        component = new Component(
                traits, () -> launch, DataDir.open(temp.resolve("data")), (gone, how) -> deaths.incrementAndGet());
    }

    @AfterEach
    void stop() {
        component.stopForGood();
    }

    @Test
    void whatHasJustDiedIsStartedAgainAndWhatRunsIsNot() {
        int rounds = 30;
        component.start();
        for (int round = 0; round < rounds; round++) {
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(component::start)
                    .withMessage("sn1 runs already (pid " + component.pid() + ")");
            ProcessHandle process = ProcessHandle.of(component.pid()).orElseThrow();
            process.destroyForcibly();
            while (component.pid() > 0) {
                Thread.onSpinWait();
            }
            component.start();
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(deaths).as("each is told once").hasValue(rounds));
        assertThat(component.state()).isEqualTo(ComponentState.READY);
    }
}
