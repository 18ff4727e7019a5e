package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * People go on writing and reading while something happens to the cluster. Afterwards every acknowledged write must be
 * there, in all its copies.
 */
@Order(66)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // every test starts its load
@Tag("slow")
@SharedCluster.Of(SharedCluster.Kind.TOUGH)
class FaultsIT {
    private static final long SEED = 20_261_121;
    /** What people get done after a fault at least, for it to count as survived. */
    private static final int WRITES = 15;

    private static final Path FAULT_LIBRARY = Path.of("/usr/lib/fiu/fiu_run_preload.so");
    /** Input/output error. Source: errno(3). */
    private static final int EIO = 5;

    /** Longer than heartbeats, a lease and a reader's patience take together. */
    private static final Duration LONG_FREEZE = Duration.ofSeconds(30);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final History history = new History();
    private final TestCluster cluster;
    private Load load;

    FaultsIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    @AfterEach
    void leaveNobodyWorking() {
        load.close();
    }

    /** Nothing can be done without the database; whoever asks is told so. */
    @Test
    void aNodeIsFrozenForLongAndMeanwhileTheDatabaseIsKilled() {
        work("frozen");
        String frozen = Fault.NODE_FROZEN.strike(cluster, random);
        long began = System.nanoTime();
        awaitWrites(WRITES);
        String database = Fault.DATABASE_KILLED.strike(cluster, random);
        await().untilAsserted(() -> assertThat(cluster.http()
                        .follow(cluster.api("files", "admin"))
                        .expect(503)
                        .text())
                .contains("unavailable", "database"));
        Fault.DATABASE_KILLED.mend(cluster, database);
        awaitWrites(WRITES);
        await().until(() -> System.nanoTime() - began > LONG_FREEZE.toNanos());
        Fault.NODE_FROZEN.mend(cluster, frozen);
        survives();
    }

    /** Masters don't reach the node any more; it reaches them, and clients reach it. */
    @Test
    void aNodeIsCutOffFromTheMasters() throws IOException {
        URI sn5 = TestCluster.onPort(cluster.url(), cluster.url().getPort() + 5);
        try (CuttableLine line = CuttableLine.to(sn5)) {
            cluster.settings(Map.of(
                    "sn5:holdfast.node.url", line.url().toString(), "sn5:holdfast.node.public-url", sn5.toString()));
            cluster.node("start", "sn5");
            cluster.awaitAllNodesRunning();
            work("cut-off");
            line.cut();
            awaitStatus("sn5", "down");
            awaitWrites(WRITES);
            line.join();
            survives();
            leaves("sn5");
        } finally {
            isGone("sn5");
        }
    }

    /**
     * Its disk is older than the catalog: what was deleted since is on it, what was put since is not. Beside it, other
     * disks lose bytes in silence.
     */
    @Test
    void aNodeComesBackWithAnOldDisk() throws IOException {
        work("old-disk");
        var damaged =
                List.of(Fault.BLOB_CORRUPTED.strike(cluster, random), Fault.BLOB_TRUNCATED.strike(cluster, random));
        assertThat(damaged).allMatch(node -> node.startsWith("sn"));
        awaitWrites(2 * WRITES);
        Path disk = cluster.data().resolve("nodes/sn2");
        Path old = cluster.data().resolve("old-sn2");
        cluster.node("stop", "sn2");
        copy(disk, old);
        cluster.node("start", "sn2");
        awaitStatus("sn2", "running");
        awaitWrites(2 * WRITES);
        // A disk that goes for good takes along what has no other copy yet.
        load.close();
        assertThat(load.broken()).isEmpty();
        StoredFiles.awaitAllGood(cluster);
        cluster.node("stop", "sn2");
        work("newer-than-disk");
        TestCluster.delete(disk);
        Files.move(old, disk);
        cluster.node("start", "sn2");
        survives();
    }

    /** A small file system that really runs full (ENOSPC). */
    @Test
    void aDiskRunsFull() throws IOException {
        try (var disk = SmallDisk.mount(cluster.data().resolve("nodes/sn6"), 3)) {
            assumeTrue(disk.isMounted(), "mounting takes root's rights");
            cluster.settings(Map.of("sn6:holdfast.node.reserve-bytes", "0"));
            cluster.node("start", "sn6");
            cluster.awaitAllNodesRunning();
            work("full-disk");
            await().until(() -> cluster.sql("SELECT free_bytes < 1000000 FROM storage_node WHERE name = 'sn6'")
                    .equals(List.of(List.of("1"))));
            awaitWrites(WRITES);
            survives();
            leaves("sn6");
        } finally {
            isGone("sn6");
        }
    }

    /** A disk that is about to die: every second sync fails (EIO), now and then. */
    @Test
    void aDiskGivesErrors() throws IOException {
        assumeTrue(Files.exists(FAULT_LIBRARY), "it takes a library that makes system calls fail: package fiu-utils");
        cluster.node("start", "sn7");
        Process node = cluster.takeOver(
                "sn7",
                Map.of(
                        "LD_PRELOAD",
                        FAULT_LIBRARY + " " + FAULT_LIBRARY.resolveSibling("fiu_posix_preload.so"),
                        "FIU_CTRL_FIFO",
                        cluster.data().resolve("fiu").toString()));
        try {
            cluster.awaitAllNodesRunning();
            work("bad-disk");
            sync(node, "enable_random name=posix/io/sync/*,probability=0.5,failinfo=" + EIO);
            awaitStatus("sn7", "failed");
            awaitWrites(WRITES);
            sync(node, "disable name=posix/io/sync/*");
            cluster.putBack("sn7");
            survives();
            leaves("sn7");
        } finally {
            TestCluster.kill(node.pid());
            isGone("sn7");
        }
    }

    private void sync(Process node, String order) {
        Program.of(
                        cluster.data(),
                        "fiu-ctrl",
                        "-f",
                        cluster.data().resolve("fiu").toString(),
                        "-c",
                        order,
                        Long.toString(node.pid()))
                .run()
                .ok();
    }

    private void work(String folder) {
        load = Load.start(cluster, history, "admin/" + folder, 3, 2, random.nextLong());
        awaitWrites(2 * WRITES);
    }

    private void awaitWrites(int more) {
        long wanted = load.acknowledged() + more;
        await().until(() -> load.acknowledged() >= wanted);
    }

    /** People work on, all nodes come back by themselves, and every promise was kept. */
    private void survives() {
        awaitWrites(WRITES);
        cluster.awaitAllNodesRunning();
        Reckoning.hold(cluster, history, load);
    }

    private void awaitStatus(String node, String status) {
        cluster.awaitStatus(node, status);
    }

    /** A node that only one test has leaves as a node leaves: drained first. */
    private void leaves(String node) {
        cluster.holdfast("node", "drain", node);
        await().untilAsserted(
                        () -> assertThat(cluster.sql("SELECT r.blob_id, r.state, t.kind, t.state, t.target_node_id,"
                                        + " t.attempt, t.not_before, t.reason FROM replica r"
                                        + " JOIN storage_node n ON n.id = r.node_id LEFT JOIN task t ON t.blob_id = r.blob_id"
                                        + " WHERE r.state <> 'DELETING' AND n.name = '" + node + "'"))
                                .isEmpty());
        cluster.holdfast("node", "offline", node);
        cluster.holdfast("node", "remove", node);
    }

    /** However its test ended, the tests that follow do without it. */
    private void isGone(String node) {
        cluster.client("node", "offline", node).run();
        cluster.client("node", "remove", node, "--force").run();
        cluster.setup("node", "stop", node).run();
    }

    private static void copy(Path from, Path to) {
        Program.of(TestCluster.SCRATCH, "cp", "-a", from.toString(), to.toString())
                .run()
                .ok();
    }
}
