package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever dies while copies are being made: afterwards they are all there, and no task was lost or given up. People work
 * all the while, and nothing of theirs is lost.
 */
@Tag("slow")
@Order(30)
@SharedCluster.Of
class ReplicationFaultsIT {
    private static final int LARGE_BYTES = 20_000_000;
    private static final History HISTORY = new History();

    @SuppressWarnings("NullAway.Init") // what BeforeAll makes
    private static Load load;

    private final TestCluster cluster;

    @TempDir
    Path folder;

    ReplicationFaultsIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    @BeforeAll
    static void work(TestCluster cluster) {
        load = Load.start(cluster, HISTORY, "admin/meanwhile", 1, 1, 30);
    }

    @AfterAll
    static void nothingIsLost(TestCluster cluster) {
        assertThat(load.acknowledged()).isPositive();
        Reckoning.hold(cluster, HISTORY, load);
    }

    @AfterEach
    void heal() {
        cluster.heal();
    }

    @Test
    void theWorkerIsKilledInMidCopy() {
        killInMidCopy("worker1");
    }

    @Test
    void theBrokerIsKilledInMidCopy() {
        killInMidCopy("broker");
    }

    @Test
    void theTargetIsKilledInMidCopy() {
        String name = "admin/mid-copy/target.bin";
        // Looked up before: a copy takes less time than to ask for them.
        var components = cluster.status();
        put(name);
        String target = awaitCopyUnderWay(Copies.of(cluster, name));
        killAndRecover(target, Objects.requireNonNull(components.get(target)).pid(), name);
    }

    @Test
    void theMasterIsKilledInMidCopyAndReadersOfKnownFilesGoOn() throws IOException {
        byte[] known = Bytes.random(50_000, 7);
        cluster.http().put(cluster.api("files", "admin/mid-copy/known"), known).expect(201);
        Path back = folder.resolve("back");
        cluster.holdfast("get", "admin/mid-copy/known", back.toString());
        Files.delete(back);
        String name = "admin/mid-copy/master.bin";
        put(name);
        long pid = cluster.component("m1").pid();
        assertThat(awaitCopyUnderWay(Copies.of(cluster, name))).isNotEmpty();

        TestCluster.kill(pid);
        cluster.holdfast("get", "admin/mid-copy/known", back.toString());
        assertThat(back).hasBinaryContent(known);
        cluster.client("get", "admin/mid-copy/never-asked-for", back.toString())
                .run()
                .expect(4);
        cluster.node("start", "m1");
        recovers(name);
    }

    @Test
    void theBrokersJournalIsLost() {
        cluster.kill("worker1");
        var names = Stream.iterate(0, i -> i + 1)
                .limit(20)
                .map(i -> "admin/journal/" + i)
                .toList();
        for (String name : names) {
            cluster.http()
                    .put(cluster.api("files", name), Bytes.random(10_000, 8))
                    .expect(201);
        }
        await().until(() -> cluster.sql("SELECT COUNT(*) FROM task WHERE path LIKE 'admin/journal/%'"
                        + " AND state = 'QUEUED' AND sent_at IS NOT NULL")
                .equals(List.of(List.of("40"))));
        cluster.kill("broker");
        TestCluster.delete(cluster.data().resolve("broker"));
        cluster.node("start", "broker");
        cluster.node("start", "worker1");
        names.forEach(this::recovers);
    }

    /** Each attempt goes to the broker once; what it drops as a duplicate, or gets again, was work for nothing. */
    @Test
    void undisturbedEveryTaskIsSentOnce() throws IOException {
        for (int file = 0; file < 20; file++) {
            cluster.http()
                    .put(cluster.api("files", "admin/once/" + file), Bytes.random(10_000, file))
                    .expect(201);
        }
        for (int file = 0; file < 20; file++) {
            Copies.awaitAll(cluster, "admin/once/" + file);
        }
        String log = Files.readString(cluster.data().resolve("logs/broker.log"));
        assertThat(cluster.sql("SELECT id FROM task WHERE path LIKE 'admin/once/%' AND resent > 0"))
                .isEmpty();
        assertThat(cluster.sql("SELECT id FROM task WHERE path LIKE 'admin/once/%'"))
                .hasSize(40)
                .allSatisfy(task -> assertThat(log.contains(task.get(0)))
                        .as("sent again: %s", task)
                        .isFalse());
    }

    private void killInMidCopy(String component) {
        String name = "admin/mid-copy/" + component + ".bin";
        long pid = cluster.component(component).pid();
        put(name);
        assertThat(awaitCopyUnderWay(Copies.of(cluster, name))).isNotEmpty();
        killAndRecover(component, pid, name);
    }

    private void killAndRecover(String component, long pid, String name) {
        TestCluster.kill(pid);
        assertThat(Copies.of(cluster, name).verified())
                .as("copies at the time of the kill")
                .hasSizeLessThan(3);
        cluster.node("start", component);
        recovers(name);
    }

    private void put(String name) {
        Path file = Bytes.file(folder.resolve("large"), LARGE_BYTES, name.hashCode());
        cluster.holdfast("put", file.toString(), name);
    }

    /** Every wanted copy is verified, on the disks too, and the tasks are at their end. */
    private void recovers(String name) {
        var copies = Copies.awaitAll(cluster, name);
        assertThat(copies.verified()).hasSize(3).doesNotHaveDuplicates();
        for (String node : copies.verified()) {
            assertThat(blobFiles(node, copies.blob()))
                    .as("%s at %s", name, node)
                    .hasSize(1)
                    .allSatisfy(blob -> assertThat(Bytes.sha256(blob)).isEqualTo(copies.sha256()));
        }
        await().untilAsserted(() -> assertThat(cluster.sql("SELECT state, COUNT(*) FROM task WHERE blob_id = '"
                        + copies.blob() + "' AND kind = 'REPLICATE' GROUP BY state"))
                .isEqualTo(List.of(List.of("DONE", "2"))));
        assertThat(cluster.sql("SELECT task_id, reason FROM dead_task")).isEmpty();
    }

    /** Waits until bytes arrive at a node that is to hold a copy; returns its name. */
    private String awaitCopyUnderWay(Copies copies) {
        return await().pollInterval(Duration.ofMillis(3))
                .until(
                        () -> copies.all().stream()
                                .filter(copy -> copy.priority() > 0)
                                .map(Copies.Copy::node)
                                .filter(node -> incomingBytes(node) > 1_000_000)
                                .findFirst()
                                .orElse(""),
                        node -> !node.isEmpty());
    }

    private long incomingBytes(String node) {
        Path incoming = cluster.data().resolve("nodes").resolve(node).resolve("incoming");
        try (Stream<Path> files = Files.list(incoming)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> blobFiles(String node, String blob) {
        try (Stream<Path> files = Files.walk(cluster.data().resolve("nodes").resolve(node))) {
            return files.filter(file -> file.endsWith(blob)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
