package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A night with nobody there: many more people than the machine serves, other programs that take all of it, every component
 * killed and frozen once, nodes in the middle of their proof, and then the disk of all of them full. In the morning the load
 * goes, nobody does anything, and all is well again.
 */
@Tag("night")
@Order(69)
@Isolated("other tests would take the rest of the machine for a cluster that is late")
class NightIT {
    private static final Duration MORNING = Duration.ofMinutes(5);
    private static final int WRITERS = 200;
    private static final int READERS = 100;
    private static final int BUSY_LOOPS = 4;
    private static final int DISK_MEGABYTES = 1_500;
    private static final long SEED = 20_261_130;

    @Test
    @Timeout(value = 40, unit = TimeUnit.MINUTES)
    void inTheMorningAllIsWellWithoutAnybody() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(TestCluster.folder("night"), DISK_MEGABYTES);
                TestCluster cluster = TestCluster.boot("night", Map.of(), Map.of())) {
            cluster.awaitAllNodesRunning();
            var diary = new Diary();
            var history = new History();
            diary.note(WRITERS + " people write and " + READERS + " read");
            Load load = Load.start(cluster, history, "admin/night", WRITERS, READERS, SEED);
            await().until(() -> load.acknowledged() >= WRITERS);
            Night night = new Night(cluster, new Random(SEED), diary);
            try (var busy = new BusyLoops(BUSY_LOOPS)) {
                busy.start();
                diary.note(BUSY_LOOPS + " other programs take all of the machine that they get");
                night.strikeWhatServesNodes();
                night.strikeNodes();
                night.fill(disk);
            } finally {
                load.close();
            }
            diary.note("the load is gone: " + load);
            long began = System.nanoTime();
            Morning morning = Morning.awaitAllWell(cluster, MORNING);
            Duration wellAfter = Duration.ofNanos(System.nanoTime() - began);
            diary.note("all is well");
            Reckoning.hold(cluster, history, load);
            System.out.println("The night\n" + diary + "\n\nThe morning after\n"
                    + morning.table(wellAfter, history.names().size(), load));
            assertThat(night.frozenInProof()).as("nodes frozen in their proof").isPositive();
        }
    }
}
