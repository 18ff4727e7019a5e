package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator says about running work, and what comes of it. */
@Order(35)
@SharedCluster.Of
class TaskDeskIT {
    private static final int LARGE_BYTES = 20_000_000;

    private final TestCluster cluster;

    @TempDir
    Path folder;

    TaskDeskIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    @AfterEach
    void heal() {
        cluster.holdfast("task", "resume");
        cluster.heal();
    }

    @Test
    void whatIsPausedWaitsAndSaysWhy() {
        assertThat(cluster.holdfast("task", "pause", "replicate", "--reason", "the line is slow"))
                .contains("replicate")
                .contains("the line is slow");
        String name = "admin/desk/paused";
        cluster.http().put(cluster.api("files", name), Bytes.random(1_000, 1)).expect(201);
        assertThat(cluster.holdfast("why", name))
                .contains("dispatch is paused by admin")
                .contains("the line is slow");
        assertThat(cluster.client("tasks", "queued", "--path", name).run().err())
                .contains("paused: replicate");
        assertThat(tasks(name))
                .hasSize(2)
                .allSatisfy(task -> assertThat(task.getString("state")).isEqualTo("queued"));
        cluster.holdfast("task", "resume", "replicate");
        assertThat(Copies.awaitAll(cluster, name).verified()).hasSize(3);
        assertThat(cluster.holdfast("why", name).lines())
                .as("a header and nothing else")
                .hasSize(1);
    }

    @Tag("slow")
    @Test
    void aCancelledTransferIsBrokenOffAndTheCopyComesLater() {
        Path file = Bytes.file(folder.resolve("large"), LARGE_BYTES, 35);
        String name = "admin/desk/cancelled.bin";
        cluster.holdfast("task", "pause");
        cluster.holdfast("put", file.toString(), name);
        String origin = Copies.of(cluster, name).origin();
        long source = cluster.component(origin).pid();
        cluster.holdfast("task", "resume");
        await().pollInterval(Duration.ofMillis(3)).until(() -> incomingBytes(origin) > 1_000_000);
        // The workers' source stands still, so that the transfer lasts until somebody ends it.
        Program.of(folder, "sh", "-c", "kill -STOP " + source).run().ok();
        await().until(() -> tasks(name), all -> all.stream().anyMatch(task -> task.containsKey("progress")));
        var running = tasks(name).stream()
                .filter(task -> task.containsKey("progress"))
                .findFirst()
                .orElseThrow();
        assertThat(running.getString("worker")).isEqualTo("worker1");
        assertThat(running.getJsonNumber("totalBytes").longValue()).isEqualTo(LARGE_BYTES);
        String id = running.getString("id");
        cluster.holdfast("task", "cancel", id);
        // Long before the stall time-out of a minute would have ended it.
        await().atMost(Patience.promised(Duration.ofSeconds(15)))
                .until(() -> cluster.holdfast("task", id), attempts -> attempts.contains("cancelled"));
        Program.of(folder, "sh", "-c", "kill -CONT " + source).run().ok();
        assertThat(Copies.awaitAll(cluster, name).verified()).hasSize(3);
        cluster.holdfast("rm", name);
    }

    /** What arrives at other nodes than this one. */
    private long incomingBytes(String origin) {
        return Stream.of("sn1", "sn2", "sn3")
                .filter(node -> !node.equals(origin))
                .mapToLong(node -> {
                    try (var files = Files.list(
                            cluster.data().resolve("nodes").resolve(node).resolve("incoming"))) {
                        return files.mapToLong(file -> file.toFile().length()).sum();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .sum();
    }

    private List<JsonObject> tasks(String name) {
        return cluster.http()
                .get(cluster.api("tasks?path=" + TestCluster.encode(name)))
                .expect(200)
                .json()
                .getJsonArray("tasks")
                .getValuesAs(JsonObject.class);
    }
}
