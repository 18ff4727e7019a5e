package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartsTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final BlockingQueue<Runnable> later = new LinkedBlockingQueue<>();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @TempDir
    Path temp;

    @SuppressWarnings("NullAway.Init") // made before each test
    private DataDir data;

    @SuppressWarnings("NullAway.Init") // made by each test
    private Component component;

    @BeforeEach
    void open() {
        data = DataDir.open(temp.resolve("data"));
    }

    @AfterEach
    void stop() {
        component.stopForGood();
    }

    private void isMade(String line) {
        var progress = new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), data, Clock.systemUTC());
        component = new Component(
                new Component.Traits(
                        "sn1",
                        ComponentKind.NODE,
                        "http://127.0.0.1:1",
                        new Readiness(List.of(() -> "")),
                        Component.Need.NOTHING,
                        LONG,
                        LONG),
                () -> new Launch(List.of("sh", "-c", line), "sh", () -> {}),
                data,
                new Restarts(
                        progress,
                        (pause, task) -> {
                            pauses.add(pause);
                            later.add(task);
                        },
                        FIRST_PAUSE));
        var unused = component.start(false);
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private void dies() {
        ProcessHandle.of(component.pid()).orElseThrow().destroyForcibly();
    }

    /** Runs what was put off, once it was. */
    private void time() throws InterruptedException {
        Runnable task = later.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(task).as("something to do later").isNotNull();
        task.run();
    }

    @Test
    void whatDiesIsStartedAgainAndThatIsSaid() throws InterruptedException {
        isMade("exec sleep 1000");
        long before = component.pid();
        dies();
        time();
        assertThat(component.state()).isEqualTo(ComponentState.READY);
        assertThat(component.pid()).isPositive().isNotEqualTo(before);
        assertThat(said()).contains("signal 9", "it is started again in 1.0 s").endsWith("http://127.0.0.1:1\n");
    }

    @Test
    void whatDoesNotStayUpIsStartedMoreAndMoreSeldom() throws InterruptedException {
        isMade("exec sleep 1000");
        for (int death = 0; death < 8; death++) {
            dies();
            time();
        }
        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    }

    @Test
    void whatCantBeStartedIsTriedAgain() throws InterruptedException {
        Path there = temp.resolve("there");
        isMade("[ ! -e " + there + " ] || exit 3; exec sleep 1000");
        assertThat(there.toFile().mkdir()).isTrue();
        dies();
        time();
        await().atMost(LONG).until(() -> !later.isEmpty());
        assertThat(there.toFile().delete()).isTrue();
        time();
        await().atMost(LONG).until(() -> component.state() == ComponentState.READY);
    }

    @Test
    void whatIsStoppedMeanwhileStaysAway() throws InterruptedException {
        isMade("exec sleep 1000");
        dies();
        await().atMost(LONG).until(() -> !later.isEmpty());
        component.stop();
        time();
        assertThat(component.state()).isEqualTo(ComponentState.STOPPED);
        assertThat(component.pid()).isEqualTo(-1);
    }
}
