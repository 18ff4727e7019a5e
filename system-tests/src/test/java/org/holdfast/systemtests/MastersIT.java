package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two masters share a cluster: one leads, and the other goes on when it is gone. */
@Order(65)
@SharedCluster.Of(SharedCluster.Kind.TOUGH)
class MastersIT {
    /** Promised: 5 s from the kill to the new leader. */
    private static final Duration LEAD_MOVES_WITHIN = Duration.ofSeconds(5);

    private static TestCluster cluster;

    @TempDir
    Path folder;

    @BeforeAll
    static void join(TestCluster shared) {
        cluster = shared;
    }

    @AfterEach
    void heal() {
        cluster.heal();
    }

    private static Map.Entry<String, Instant> lastLead() {
        var row = cluster.sql("SELECT detail, at FROM node_event WHERE kind = 'LEADER' ORDER BY id DESC LIMIT 1")
                .get(0);
        return Map.entry(
                row.get(0).substring(0, row.get(0).indexOf(' ')),
                Instant.parse(row.get(1).replace(" ", "T") + "Z"));
    }

    private static String leader() {
        return lastLead().getKey();
    }

    private static String follower() {
        return leader().equals("m1") ? "m2" : "m1";
    }

    private static String lease() {
        return cluster
                .sql("SELECT SUBSTRING_INDEX(holder, '/', 1) FROM lease WHERE name = 'leader'"
                        + " AND expires_at > UTC_TIMESTAMP(6)")
                .stream()
                .findFirst()
                .map(row -> row.get(0))
                .orElse("nobody");
    }

    /** Puts files by the client script until it is told to end; what was acknowledged by name. */
    private final class Load implements AutoCloseable {
        private final Map<String, byte[]> acknowledged = new ConcurrentHashMap<>();
        private final AtomicBoolean ends = new AtomicBoolean();
        private final java.util.concurrent.ExecutorService threads = Executors.newFixedThreadPool(2);

        Load() {
            for (int thread = 0; thread < 2; thread++) {
                int number = thread;
                threads.execute(() -> {
                    for (int file = 0; !ends.get(); file++) {
                        put("admin/load/" + number + "-" + file, 1_000L * number + file);
                    }
                });
            }
        }

        private void put(String name, long seed) {
            byte[] body = Bytes.random(5_000, seed);
            try {
                Path file = Files.write(Files.createTempFile(folder, "load", ""), body);
                if (cluster.client("put", file.toString(), name).run().exitCode() == 0) {
                    acknowledged.put(name, body);
                }
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        void awaitMore(int files) {
            int before = acknowledged.size();
            await().until(() -> acknowledged.size() >= before + files);
        }

        @Override
        public void close() {
            ends.set(true);
            threads.shutdown();
            try {
                assertThat(threads.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void theLeadMovesWhenTheLeaderIsKilledUnderLoadAndNothingIsLost() {
        String old = leader();
        String next = follower();
        Map<String, byte[]> acknowledged;
        try (var load = new Load()) {
            load.awaitMore(5);
            long pid = cluster.component(old).pid();
            Instant killed = Instant.now();
            TestCluster.kill(pid);
            await().until(() -> lastLead().getKey().equals(next) && lease().equals(next));
            assertThat(Duration.between(killed, lastLead().getValue()))
                    .as("from the kill to the new leader's event")
                    .isLessThan(Patience.promised(LEAD_MOVES_WITHIN));
            load.awaitMore(5);
            acknowledged = load.acknowledged;
        }
        URI alive = cluster.urlOf(next);
        acknowledged.forEach((name, body) -> assertThat(cluster.http()
                        .follow(alive.resolve("/api/v1/files/" + name))
                        .expect(200)
                        .bytes())
                .as(name)
                .isEqualTo(body));
        // The new leader watches: a node that dies is noticed.
        cluster.node("kill", "sn3");
        awaitStatus(alive, "sn3", "down");
    }

    @Tag("slow")
    @Test
    void aFrozenLeaderThatWakesUpWritesNothing() {
        String old = leader();
        String next = follower();
        long events = Long.parseLong(cluster.sql("SELECT COALESCE(MAX(id), 0) FROM node_event")
                .get(0)
                .get(0));
        cluster.node("pause", old);
        await().until(() -> lease().equals(next));
        cluster.node("kill", "sn2");
        awaitStatus(cluster.urlOf(next), "sn2", "down");
        cluster.node("resume", old);
        cluster.node("start", "sn2");
        for (URI master : cluster.masters().values()) {
            awaitStatus(master, "sn2", "running");
        }
        // Each change was written once, by the one that led; the old leader did not lead again.
        assertThat(cluster.sql("SELECT was, becomes FROM node_event WHERE kind = 'STATUS' AND id > " + events
                        + " ORDER BY id"))
                .containsExactly(
                        List.of("RUNNING", "DOWN"), List.of("DOWN", "VERIFYING"), List.of("VERIFYING", "RUNNING"));
        assertThat(leader()).isEqualTo(next);
        assertThat(cluster.http()
                        .put(cluster.urlOf(old).resolve("/api/v1/files/admin/after-thaw"), new byte[10])
                        .status())
                .as("it serves as a follower")
                .isEqualTo(201);
    }

    @Test
    void bothMastersServeAndNodesKnowThemBoth() {
        var urls = List.copyOf(cluster.masters().values());
        byte[] body = Bytes.random(1_000, 7);
        cluster.http()
                .put(urls.get(0).resolve("/api/v1/files/admin/both"), body)
                .expect(201);
        assertThat(cluster.http()
                        .follow(urls.get(1).resolve("/api/v1/files/admin/both"))
                        .expect(200)
                        .bytes())
                .isEqualTo(body);
        assertThat(cluster.http()
                        .get(urls.get(1).resolve("/api/v1/cluster"))
                        .expect(200)
                        .json()
                        .getJsonArray("masters"))
                .hasSize(2);
        assertThat(cluster.setup("status").run().ok()).contains("ADMINSTATE", "DETAIL");
    }

    @Test
    void whatEndsAtOneMasterEndsAtTheOther() {
        var urls = List.copyOf(cluster.masters().values());
        String password = "a password for tests";
        cluster.http()
                .post(
                        urls.get(0).resolve("/api/v1/users"),
                        "{\"name\":\"zoe\",\"password\":\"" + password + "\",\"mustSetPassword\":false}",
                        "Content-Type",
                        "application/json")
                .expect(201);
        Http zoe = Http.signedInAs("zoe", password);
        URI session = urls.get(0).resolve("/api/v1/session");
        URI sessionElsewhere = urls.get(1).resolve("/api/v1/session");
        URI elsewhere = urls.get(1).resolve("/api/v1/namespaces");
        Http bearer = Http.authorizedBy(
                "Bearer " + zoe.post(session, "").expect(201).json().getString("token"));
        bearer.get(elsewhere).expect(200);
        bearer.delete(session).expect(204);
        await().atMost(Patience.promised(Duration.ofSeconds(3)))
                .until(() -> bearer.get(elsewhere).status() == 401);

        // The other master may remember the sign-in for a moment longer, but opens no session for it.
        zoe.get(elsewhere).expect(200);
        change(urls.get(0), "{\"suspended\":true}");
        assertThat(zoe.post(sessionElsewhere, "").status()).isIn(401, 403);
        change(urls.get(0), "{\"suspended\":false}");
        await().atMost(Patience.promised(Duration.ofSeconds(3)))
                .until(() -> zoe.post(sessionElsewhere, "").status() == 201);
    }

    private static void change(URI master, String json) {
        cluster.http().patch(master.resolve("/api/v1/users/zoe"), json).expect(200);
    }

    private static void awaitStatus(URI master, String node, String status) {
        await().ignoreExceptions()
                .until(() -> cluster.http()
                        .get(master.resolve("/api/v1/nodes/" + node))
                        .expect(200)
                        .json()
                        .getJsonArray("nodes")
                        .getJsonObject(0)
                        .getString("status")
                        .equals(status));
    }
}
