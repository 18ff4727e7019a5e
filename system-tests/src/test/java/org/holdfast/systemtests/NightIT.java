package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A night with nobody there: many more people than the machine serves, other programs that take all of it, every component
 * killed and frozen once, and then the disk of all of them full. In the morning the load goes, nobody does anything, and all
 * is well again.
 */
@Tag("slow")
@Order(69)
@EnabledIfSystemProperty(named = "holdfast.night", matches = "true")
@Isolated("other tests would take the rest of the machine for a cluster that is late")
class NightIT {
    private static final System.Logger LOG = System.getLogger(NightIT.class.getName());
    private static final Duration MORNING = Duration.ofMinutes(5);
    private static final int WRITERS = 200;
    private static final int READERS = 100;
    private static final int BUSY_LOOPS = 4;
    private static final int LONGEST_FREEZE_SECONDS = 30;
    private static final Duration BETWEEN = Duration.ofSeconds(4);
    private static final Duration FULL = Duration.ofSeconds(15);
    private static final long SEED = 20_261_130;
    private static final int MEGABYTE = 1 << 20;

    private final Random random = new Random(SEED);

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void inTheMorningAllIsWellWithoutAnybody() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(TestCluster.folder("night"), 1_500);
                TestCluster cluster = TestCluster.boot("night", Map.of(), Map.of())) {
            cluster.awaitAllNodesRunning();
            var history = new History();
            Load load = Load.start(cluster, history, "admin/night", WRITERS, READERS, SEED);
            await().until(() -> load.acknowledged() >= WRITERS);
            try (var busy = new BusyLoops(BUSY_LOOPS)) {
                busy.start();
                strikeEach(cluster);
                fill(disk);
            } finally {
                load.close();
            }
            LOG.log(System.Logger.Level.INFO, "At the end of the night: {0}", load);
            long began = System.nanoTime();
            await().atMost(MORNING).ignoreExceptions().untilAsserted(() -> assertAllIsWell(cluster));
            LOG.log(
                    System.Logger.Level.INFO,
                    "All is well {0} s later",
                    Duration.ofNanos(System.nanoTime() - began).toSeconds());
            Reckoning.hold(cluster, history, load);
        }
    }

    private static void assertAllIsWell(TestCluster cluster) {
        assertThat(cluster.nodeStates().values()).containsOnly("running");
        assertThat(cluster.sql("SELECT namespace, path, missing, last_reason FROM under_replicated LIMIT 5"))
                .isEmpty();
        assertThat(cluster.http().get(cluster.api("alarms")).expect(200).json().getJsonArray("alarms"))
                .isEmpty();
    }

    /** Each is killed, and frozen some time later; who has come back by then is at work on its return. */
    private void strikeEach(TestCluster cluster) throws IOException {
        List<String> components = new ArrayList<>(cluster.status().keySet());
        Collections.sort(components);
        Collections.shuffle(components, random);
        LOG.log(System.Logger.Level.INFO, "Struck, in this order: {0}", components);
        for (String component : components) {
            TestCluster.kill(pid(cluster, component));
            pass(BETWEEN);
            long pid = pid(cluster, component);
            signal("STOP", pid);
            try {
                pass(Duration.ofSeconds(1 + random.nextInt(LONGEST_FREEZE_SECONDS / 3)));
            } finally {
                signal("CONT", pid);
            }
        }
        String last = components.get(0);
        long pid = pid(cluster, last);
        signal("STOP", pid);
        pass(Duration.ofSeconds(LONGEST_FREEZE_SECONDS));
        signal("CONT", pid);
    }

    /** Of its process, as soon as it has one again. */
    private static long pid(TestCluster cluster, String component) {
        return await().ignoreExceptions()
                .until(() -> cluster.component(component).pid(), pid -> pid > 0);
    }

    private static void signal(String signal, long pid) {
        Program.of(TestCluster.SCRATCH, "kill", "-" + signal, Long.toString(pid))
                .run()
                .ok();
    }

    private static void fill(SmallDisk disk) throws IOException {
        if (!disk.isMounted()) {
            return;
        }
        Path filler = disk.path().resolve("filler");
        byte[] bytes = new byte[MEGABYTE];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(bytes);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.INFO, "The disk is full: {0}", e.getMessage());
        }
        pass(FULL);
        Files.delete(filler);
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plus(Patience.SOON)).until(() -> true);
    }
}
