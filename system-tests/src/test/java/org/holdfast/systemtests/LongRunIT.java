package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Lets one thing after the other happen to a cluster under load, by chance, for as long as one likes; then holds the
 * final reckoning. {@code system-tests/long-run} runs it; the same seed makes the same things happen in the same order.
 */
@Order(70)
@EnabledIfSystemProperty(named = LongRunIT.MINUTES, matches = "\\d+")
@Timeout(value = 3, unit = TimeUnit.HOURS)
class LongRunIT {
    static final String MINUTES = "holdfast.long-run.minutes";
    private static final String SEED = "holdfast.long-run.seed";

    private static final List<Fault> FAULTS = List.of(Fault.values());
    /** Not done to a component, but to the machine. */
    private static final String OVERLOAD = "OVERLOAD";

    private static final int CROWD_OF_WRITERS = 200;
    private static final int CROWD_OF_READERS = 100;
    private static final int BUSY_LOOPS = 4;
    /** Files of an hour with their older versions, three times. */
    private static final int DISK_MEGABYTES = 3_000;

    private static final Duration MOST_BETWEEN = Duration.ofSeconds(12);
    private static final Duration MOST_WHILE = Duration.ofSeconds(25);
    private static final Duration BACK = Duration.ofMinutes(2);

    private final SplittableRandom random;
    private final long seed;
    private final Map<String, Integer> strikes = new TreeMap<>();

    LongRunIT() {
        seed = Long.getLong(SEED, new SplittableRandom().nextInt(1_000_000));
        random = new SplittableRandom(seed);
    }

    @Test
    void whateverHappensNoAcknowledgedWriteIsLost() {
        Duration length = Duration.ofMinutes(Long.getLong(MINUTES, 1));
        say("seed " + seed + ", " + length.toMinutes() + " min");
        try (SmallDisk disk = SmallDisk.mount(TestCluster.folder(SharedCluster.TOUGH_NAME), DISK_MEGABYTES);
                TestCluster cluster = SharedCluster.Kind.TOUGH.boot()) {
            say(disk.isMounted() ? "on " + disk : "on a disk that can't be filled");
            run(cluster, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(TestCluster cluster, Duration length) {
        var history = new History();
        Instant end = Instant.now().plus(length);
        Load load = Load.start(cluster, history, "admin/long-run", 4, 3, random.nextLong());
        while (Instant.now().isBefore(end)) {
            pass(MOST_BETWEEN);
            int drawn = random.nextInt(FAULTS.size() + 1);
            if (drawn == FAULTS.size()) {
                overload(cluster, history);
            } else {
                strike(cluster, FAULTS.get(drawn));
            }
            cluster.awaitAllNodesRunning();
            say("all running again; " + load);
            assertThat(load.broken()).isEmpty();
        }
        Reckoning.hold(cluster, history, load);
        say("all " + history.kept().size() + " files and their copies are right; " + load + "; " + strikes);
    }

    private void strike(TestCluster cluster, Fault fault) {
        String victim = fault.strike(cluster, random);
        strikes.merge(fault.name(), 1, Integer::sum);
        say(fault + " " + victim);
        pass(MOST_WHILE);
        fault.mend(cluster, victim);
    }

    /** Many more people than the machine serves, and other programs that take what they get of it. */
    private void overload(TestCluster cluster, History history) {
        strikes.merge(OVERLOAD, 1, Integer::sum);
        say(OVERLOAD);
        Load crowd = Load.start(cluster, history, "admin/crowd", CROWD_OF_WRITERS, CROWD_OF_READERS, random.nextLong());
        try (crowd;
                var busy = new BusyLoops(BUSY_LOOPS)) {
            busy.start();
            pass(MOST_WHILE);
        }
        say("the crowd is gone; " + crowd);
        assertThat(crowd.broken()).isEmpty();
    }

    private void pass(Duration most) {
        Duration time = Duration.ofMillis(random.nextLong(most.toMillis()));
        await().pollDelay(time).atMost(time.plus(BACK)).until(() -> true);
    }

    /** Whoever waits for an hour wants to see what goes on. */
    private static void say(String line) {
        System.out.println(Instant.now() + " " + line);
    }
}
