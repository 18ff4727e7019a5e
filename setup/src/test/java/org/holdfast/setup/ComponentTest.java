package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A start without an end is what most of them would show if they failed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ComponentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Readiness.Probe NEVER = () -> "http://127.0.0.1:1/health/ready answers 503";

    private final AtomicInteger deaths = new AtomicInteger();
    private final List<String> slow = new CopyOnWriteArrayList<>();
    private final Component.Listener listener = new Component.Listener() {
        @Override
        public void slow(String name, String what, Duration after, String why) {
            slow.add(name + " " + what + " " + why);
        }

        @Override
        public void died(Component component, String how) {
            deaths.incrementAndGet();
        }
    };

    @TempDir
    Path temp;

    @SuppressWarnings("NullAway.Init")
    private Component component;

    /** A process of a line of sh that is ready when the probe says so. */
    private void isMade(String line, Readiness.Probe ready, Component.Need need) {
        var traits = new Component.Traits(
                "sn1",
                ComponentKind.NODE,
                "http://127.0.0.1:1",
                new Readiness(List.of(ready)),
                need,
                PATIENCE,
                Duration.ofSeconds(10));
        var launch = new Launch(List.of("sh", "-c", line), "sh", () -> {});
        component = new Component(traits, () -> launch, DataDir.open(temp.resolve("data")), listener);
    }

    @AfterEach
    void stop() {
        component.stopForGood();
    }

    private String refusal(boolean besideOthers) {
        Refusal[] caught = new Refusal[1];
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> component.start(besideOthers))
                .satisfies(refusal -> caught[0] = refusal);
        assertThat(component.state()).isEqualTo(ComponentState.DIED);
        return caught[0].sentence();
    }

    /** Ready when that much time is over. */
    private static Readiness.Probe after(Duration time) {
        long beginNanos = System.nanoTime();
        return () -> System.nanoTime() - beginNanos > time.toNanos() ? "" : NEVER.complaint();
    }

    @Test
    void whatHasJustDiedIsStartedAgainAndWhatRunsIsNot() {
        isMade("exec sleep 1000", () -> "", Component.Need.NOTHING);
        int rounds = 30;
        component.start(false);
        for (int round = 0; round < rounds; round++) {
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(() -> component.start(false))
                    .withMessage("sn1 runs already (pid " + component.pid() + ")");
            ProcessHandle process = ProcessHandle.of(component.pid()).orElseThrow();
            process.destroyForcibly();
            while (component.pid() > 0) {
                Thread.onSpinWait();
            }
            component.start(false);
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(deaths).as("each is told once").hasValue(rounds));
        assertThat(component.state()).isEqualTo(ComponentState.READY);
    }

    /** As on a disk that is full: nobody could find it later, and it would keep its port from the next one. */
    @Test
    void aProcessThatCanNotBePutOnRecordIsEnded() throws IOException {
        isMade("exec sleep 1000", () -> "", Component.Need.NOTHING);
        Files.createDirectory(temp.resolve("data/run/sn1.pid"));
        Set<Long> before = children();
        assertThatExceptionOfType(Refusal.class).isThrownBy(() -> component.start(false));
        assertThat(children()).isEqualTo(before);
        component.start(false);
        assertThat(component.state()).isEqualTo(ComponentState.READY);
    }

    private static Set<Long> children() {
        return ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    @Test
    void whoComputesWithoutAWordOutlivesThePatienceAndIsTold() {
        isMade("while :; do :; done", after(PATIENCE.multipliedBy(2)), Component.Need.NOTHING);
        assertThat(component.start(false)).isGreaterThan(PATIENCE);
        assertThat(component.state()).isEqualTo(ComponentState.READY);
        assertThat(slow).hasSizeBetween(2, 4).containsOnly("sn1 boots /health/ready answers 503");
    }

    @Test
    void whoSaysSomethingNewOutlivesThePatience() {
        isMade(
                "n=0; while :; do n=$((n + 1)); echo step $n; sleep 0.2; done",
                after(PATIENCE.multipliedBy(2)),
                Component.Need.NOTHING);
        assertThat(component.start(false)).isGreaterThan(PATIENCE);
    }

    @Test
    void whoStandsStillIsGivenUpWithItsLastLines() {
        isMade("echo Error: the disk smokes; exec sleep 1000", NEVER, Component.Need.NOTHING);
        assertThat(refusal(false))
                .startsWith("sn1 stood still for 2 s")
                .contains("(" + NEVER.complaint() + ")", "Error: the disk smokes", "logs/sn1.log");
    }

    @Test
    void whoTriesTheSameAgainAndAgainStandsStill() {
        isMade(
                "while :; do echo \"$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ) WARNING nobody lets me in\"; sleep 0.3; done",
                NEVER, Component.Need.NOTHING);
        assertThat(refusal(false)).contains("sn1 stood still for 2 s").contains("nobody lets me in");
    }

    @Test
    void patienceBeginsWhenWhatItNeedsAnswers() throws IOException {
        Path answers = temp.resolve("answers");
        isMade(
                "exec sleep 1000",
                NEVER,
                new Component.Need("a master", () -> Files.exists(answers) ? "" : "no answer"));
        var end = CompletableFuture.supplyAsync(() -> refusal(true));
        Awaitility.await().atMost(Duration.ofSeconds(50)).until(() -> slow.size() > 3);
        assertThat(slow).as("longer than its patience").containsOnly("sn1 waits for a master ");
        assertThat(end).isNotDone();
        Files.createFile(answers);
        assertThat(end).succeedsWithin(Duration.ofSeconds(30)).asString().startsWith("sn1 stood still for 2 s");
    }

    @Test
    void whoWasRemovedFromTheClusterIsNotWaitedFor() {
        isMade(
                "while :; do echo nobody lets me in; done",
                () -> NEVER.complaint() + " (certificate-removed)",
                Component.Need.NOTHING);
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> component.start(true))
                .withMessageContaining("sn1 was removed from the cluster")
                .withMessageContaining("setup/certificates renew sn1, then setup/node start sn1");
        assertThat(component.state()).isEqualTo(ComponentState.REMOVED);
        assertThat(component.pid()).isEqualTo(-1);
    }

    @Test
    void whoStartsAloneAndWithoutWhatItNeedsIsNotToBlame() {
        isMade("exec sleep 1000", NEVER, new Component.Need("a master", () -> "no answer"));
        assertThat(refusal(false)).startsWith("sn1 needs a master, which gave no answer for 2 s");
    }
}
