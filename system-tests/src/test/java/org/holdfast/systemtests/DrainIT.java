package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Nodes that go and come because a person wants it: draining, removing, more copies and fewer, balance. */
@Tag("slow")
@Order(62)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SharedCluster.Of(SharedCluster.Kind.HEALING)
class DrainIT {
    private final TestCluster cluster;
    private final StoredFiles files;

    DrainIT(TestCluster cluster) {
        this.cluster = cluster;
        this.files = new StoredFiles(cluster);
    }

    @BeforeAll
    void someFiles() {
        files.namespace("single", 0);
        files.namespace("one", 1);
        files.put("admin", 30, 20_000);
        files.put("one", 20, 20_000);
        files.put("single", 24, 1_000);
        files.awaitAllGood();
    }

    private Http.Answer patch(String path, String body) {
        return cluster.http().patch(cluster.api(path), body);
    }

    @Test
    @Order(1)
    void moreCopiesAndFewerAreMadeForTheFilesThatAreThere() {
        cluster.holdfast("namespace", "set", "one", "--replicas", "3");
        await().untilAsserted(() -> assertThat(copiesOfOne()).isEqualTo("80"));
        cluster.holdfast("namespace", "set", "one", "--replicas", "1");
        files.awaitExactlyWanted();
        assertThat(copiesOfOne()).isEqualTo("40");
        files.readBack();
    }

    private String copiesOfOne() {
        return files.one("SELECT COUNT(*) FROM replica r JOIN file_version v ON v.blob_id = r.blob_id"
                + " JOIN file f ON f.id = v.file_id JOIN folder d ON d.id = f.folder_id"
                + " JOIN namespace n ON n.id = d.namespace_id WHERE n.name = 'one' AND r.state = 'VERIFIED'");
    }

    @Test
    @Order(2)
    void aDrainedNodeIsEmptyButForABadFileAndMayGoWhenThatIsDealtWith() throws IOException {
        List<String> bad = cluster.sql("SELECT r.blob_id, CONCAT('single/healing/', f.name) FROM replica r"
                        + " JOIN storage_node n ON n.id = r.node_id JOIN file_version v ON v.blob_id = r.blob_id"
                        + " JOIN file f ON f.id = v.file_id JOIN folder d ON d.id = f.folder_id"
                        + " JOIN namespace ns ON ns.id = d.namespace_id"
                        + " WHERE n.name = 'sn1' AND ns.name = 'single' LIMIT 1")
                .get(0);
        for (Path file : blobFiles("sn1", bad.get(0))) {
            Files.delete(file);
        }
        files.forget(bad.get(1));
        assertThat(cluster.client("node", "safe", "sn1").run().expect(1).out()).contains("would be lost");
        patch("nodes/sn1", "{\"adminState\":\"draining\"}").expect(200);
        await().untilAsserted(() -> assertThat(
                        files.copiesOn("sn1", "'VERIFIED','PLANNED','SUSPECT','CORRUPT','LOST','DELETING'"))
                .as("only the bad file's is left")
                .isEqualTo(1));
        files.readBack();
        patch("nodes/sn1", "{\"adminState\":\"offline\"}").expect(200);
        patch("nodes/sn1", "{\"adminState\":\"removed\"}").expect(409);
        patch("nodes/sn1", "{\"adminState\":\"in_service\"}").expect(200);
        patch("nodes/sn1", "{\"adminState\":\"draining\"}").expect(200);
        cluster.holdfast("rm", bad.get(1));
        await().untilAsserted(() -> assertThat(files.one("SELECT COUNT(*) FROM replica r JOIN storage_node n"
                        + " ON n.id = r.node_id WHERE n.name = 'sn1'"))
                .isEqualTo("0"));
        assertThat(cluster.holdfast("node", "safe", "sn1")).startsWith("Yes");
        patch("nodes/sn1", "{\"adminState\":\"offline\"}").expect(200);
        patch("nodes/sn1", "{\"adminState\":\"removed\"}").expect(200);
        assertThat(cluster.nodeStates()).doesNotContainKey("sn1");
        files.awaitExactlyWanted();
        files.readBack();
    }

    @Test
    @Order(3)
    void aNewNodeTakesItsShareWhenItIsAskedTo() {
        files.namespace("large", 1);
        files.put("large", 30, 1_000_000);
        files.awaitAllGood();
        cluster.node("start", "sn5");
        await().untilAsserted(() -> assertThat(cluster.nodeStates()).containsEntry("sn5", "running"));
        assertThat(cluster.holdfast("rebalance", "--dry-run", "--spread", "0.005%"))
                .contains("sn5");
        assertThat(files.copiesOn("sn5", "'VERIFIED'")).isZero();
        cluster.holdfast("rebalance", "--spread", "0.005%");
        await().untilAsserted(() ->
                assertThat(cluster.sql("SELECT * FROM rebalance_move")).isEmpty());
        files.awaitExactlyWanted();
        assertThat(files.copiesOn("sn5", "'VERIFIED'")).isPositive();
        files.readBack();
    }

    @Test
    @Order(4)
    void copyingKeepsToTheCapOfANodeAndClientsDoNot() {
        for (String node : cluster.nodeStates().keySet()) {
            patch("nodes/" + node, "{\"bandwidthBytesPerSecond\":2000000}").expect(200);
        }
        await().untilAsserted(() -> assertThat(cluster.nodeStates().keySet())
                .as("hear of it with their next heartbeat")
                .allSatisfy(node -> assertThat(cluster.data().resolve("logs/" + node + ".log"))
                        .content()
                        .contains("workers may copy from and to this node 2000000 bytes per second")));
        byte[] content = Bytes.random(10_000_000, 4);
        long began = System.nanoTime();
        cluster.http().put(cluster.api("files", "large/capped"), content).expect(201);
        assertThat(cluster.http().follow(cluster.api("files", "large/capped")).bytes())
                .isEqualTo(content);
        Duration client = Duration.ofNanos(System.nanoTime() - began);
        Copies.awaitAll(cluster, "large/capped");
        Duration copied = Duration.ofNanos(System.nanoTime() - began);
        assertThat(client).as("20 MB to and from a client").isLessThan(Patience.promised(Duration.ofSeconds(4)));
        // A node that was idle may take a second's worth at once.
        assertThat(copied).as("10 MB at 2 MB/s").isBetween(Duration.ofMillis(3_900), Duration.ofSeconds(15));
    }

    private List<Path> blobFiles(String node, String blob) {
        try (Stream<Path> found = Files.walk(cluster.data().resolve("nodes").resolve(node))) {
            return found.filter(file -> file.endsWith(blob)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
