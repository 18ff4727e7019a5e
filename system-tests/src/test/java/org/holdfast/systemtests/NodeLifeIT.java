package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a node that is half dead, of one whose clock is wrong, and of one that people want away. */
@Tag("slow")
@Order(45)
@SharedCluster.Of
class NodeLifeIT {
    private static TestCluster cluster;

    @BeforeAll
    static void join(TestCluster shared) {
        cluster = shared;
    }

    /** They were all at work once, and what they keep for themselves would be half of its memory. */
    @AfterAll
    static void threadsOfANodeWithoutWorkEnd() {
        Path threads = Path.of("/proc", Long.toString(cluster.component("sn1").pid()), "task");
        await().untilAsserted(() -> assertThat(threads.toFile().list()).hasSizeLessThan(300));
    }

    private static void awaitStatus(String node, String status) {
        cluster.awaitStatus(node, status);
    }

    private static long lastEvent() {
        return Long.parseLong(cluster.sql("SELECT COALESCE(MAX(id), 0) FROM node_event")
                .get(0)
                .get(0));
    }

    /** Changes of one node's status behind an event, as {@code RUNNING DOWN}. */
    private static List<String> changes(String node, long after) {
        return cluster
                .sql("SELECT was, becomes FROM node_event e JOIN storage_node n ON n.id = e.node_id"
                        + " WHERE kind = 'STATUS' AND n.name = '" + node + "' AND e.id > " + after + " ORDER BY e.id")
                .stream()
                .map(row -> String.join(" ", row))
                .toList();
    }

    private static Path data(String node) {
        return cluster.data().resolve("nodes").resolve(node);
    }

    private static Http.Answer patch(String node, String body) {
        return cluster.http().patch(cluster.api("nodes/" + node), body);
    }

    @Test
    void aFrozenNodeIsDownAndProvesItselfWhenItThaws() {
        long before = lastEvent();
        cluster.node("pause", "sn1");
        awaitStatus("sn1", "down");
        cluster.node("resume", "sn1");
        awaitStatus("sn1", "running");
        assertThat(changes("sn1", before)).containsExactly("RUNNING DOWN", "DOWN VERIFYING", "VERIFYING RUNNING");
    }

    @Test
    void aNodeThatIsKilledAndStartedAtOnceProvesItself() {
        long before = lastEvent();
        cluster.node("kill", "sn2");
        cluster.node("start", "sn2");
        awaitStatus("sn2", "running");
        assertThat(changes("sn2", before)).endsWith("VERIFYING RUNNING");
    }

    /** A stranger had 1,024 threads wait for bodies that don't come once, and the node was down. */
    @Test
    void bodiesThatDoNotComeDoNotKeepANodeFromItsHeartbeats() throws IOException {
        long before = lastEvent();
        Closeable waiting = RawHttp.keepWaiting(
                cluster.urlOf("sn1"), "POST /api/v1/nodes HTTP/1.1\r\nAuthorization: Bearer x", 600);
        try (waiting) {
            await().during(Duration.ofSeconds(4))
                    .until(() -> cluster.nodeStates().getOrDefault("sn1", "").equals("running"));
        }
        assertThat(changes("sn1", before)).isEmpty();
    }

    @Test
    void anUnmountedDirectoryIsNoticedAndAPersonPutsTheNodeBack() throws IOException {
        Path away = data("sn3").resolveSibling("sn3.away");
        Files.move(data("sn3"), away);
        try {
            awaitStatus("sn3", "failed");
            assertThat(cluster.holdfast("node", "sn3")).contains("failed").containsAnyOf("disk", "record");
            // Nothing goes there any more, and what was there is read elsewhere.
            for (int file = 0; file < 6; file++) {
                String name = "admin/life/" + file;
                cluster.http().put(cluster.api("files", name), new byte[100]).expect(201);
                assertThat(Copies.of(cluster, name).origin()).isNotEqualTo("sn3");
            }
        } finally {
            Files.move(away, data("sn3"));
        }
        assertThat(cluster.nodeStates()).as("not by itself").containsEntry("sn3", "failed");
        cluster.putBack("sn3");
    }

    @Test
    void aDiskThatTakesNoBytesIsNoticed() throws IOException {
        // As a file system that has turned read-only: reading goes on, writing fails. Root is not stopped by modes.
        Path incoming = data("sn1").resolve("incoming");
        Path away = data("sn1").resolve("incoming.away");
        Files.move(incoming, away);
        try {
            awaitStatus("sn1", "failed");
        } finally {
            Files.move(away, incoming);
        }
        cluster.putBack("sn1");
    }

    @Test
    void aNodeWhoseClockIsWrongByAnHourWorks() throws IOException {
        for (String offset : List.of("PT1H", "PT-1H")) {
            cluster.settings(Map.of("sn2:holdfast.clock.offset", offset));
            cluster.node("stop", "sn2");
            cluster.node("start", "sn2");
            awaitStatus("sn2", "running");
            byte[] body = Bytes.random(10_000, offset.hashCode());
            String name = "admin/clock/" + offset;
            // Until it is the origin: the put goes to it by ticket, its commit by a signed call.
            await().untilAsserted(() -> {
                cluster.http().put(cluster.api("files", name), body).expect(201);
                assertThat(Copies.of(cluster, name).origin()).isEqualTo("sn2");
            });
            Copies.awaitAll(cluster, name);
            assertThat(cluster.http()
                            .follow(cluster.api("files", name))
                            .expect(200)
                            .bytes())
                    .isEqualTo(body);
        }
        cluster.settings(Map.of());
        cluster.node("stop", "sn2");
        cluster.node("start", "sn2");
        awaitStatus("sn2", "running");
    }

    @Test
    void peopleTakeANodeAwayAndAnotherDiskTakesItsName() throws IOException {
        cluster.node("start", "sn6");
        awaitStatus("sn6", "running");
        patch("sn6", "{\"adminState\":\"removed\"}").expect(409);
        assertThat(cluster.holdfast("node", "offline", "sn6")).isEqualTo("node sn6 is offline, running\n");
        for (int file = 0; file < 6; file++) {
            String name = "admin/away/" + file;
            cluster.http().put(cluster.api("files", name), new byte[100]).expect(201);
            assertThat(Copies.of(cluster, name).origin()).isNotEqualTo("sn6");
        }
        long before = lastEvent();
        cluster.holdfast("node", "online", "sn6");
        awaitStatus("sn6", "running");
        assertThat(changes("sn6", before)).containsExactly("RUNNING VERIFYING", "VERIFYING RUNNING");

        cluster.holdfast("node", "offline", "sn6");
        cluster.holdfast("node", "remove", "sn6", "--force");
        assertThat(cluster.nodeStates()).doesNotContainKey("sn6");
        cluster.node("stop", "sn6");
        Files.move(data("sn6"), data("sn6").resolveSibling("sn6.removed"));
        // The old certificate is good for nothing any more.
        cluster.setup("certificates", "renew", "sn6").run().ok();
        cluster.node("start", "sn6");
        awaitStatus("sn6", "running");
        assertThat(cluster.holdfast("events", "--limit", "200"))
                .contains("sn6.removed-")
                .contains("offline")
                .contains("removed");
        isRefusedWith("sn6", data("sn6").resolveSibling("sn6.removed"), "another disk");
        isRefusedWith("sn6", Files.createDirectory(data("sn6").resolveSibling("sn6.empty")), "empty data directory");
    }

    /** With a disk that is not its own a node is never used, and people are told why. */
    private static void isRefusedWith(String node, Path disk, String reason) throws IOException {
        Path own = data(node).resolveSibling(node + ".own");
        cluster.node("stop", node);
        Files.move(data(node), own);
        Files.move(disk, data(node));
        Path log = cluster.data().resolve("logs/" + node + ".start.log");
        Process start = cluster.setup("node", "start", node).start(log, log);
        await().untilAsserted(() -> assertThat(cluster.holdfast("node", node)).contains(reason));
        assertThat(cluster.nodeStates().get(node)).isIn("down", "failed");
        cluster.node("stop", node);
        await().until(() -> !start.isAlive());
        Files.move(data(node), disk);
        Files.move(own, data(node));
        cluster.node("start", node);
        awaitStatus(node, "running");
    }
}
