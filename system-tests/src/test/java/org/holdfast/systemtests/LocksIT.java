package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who changes a file holds a lock on it, and who comes meanwhile hears who and until when. */
@Order(37)
@SharedCluster.Of
class LocksIT {
    private static final String PASSWORD = "a password for tests";

    private final TestCluster cluster;
    private final Http http;

    @TempDir
    Path folder;

    LocksIT(TestCluster cluster) {
        this.cluster = cluster;
        this.http = cluster.http();
    }

    private Http person(String name) {
        String account = "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\",\"mustSetPassword\":false}";
        http.send("POST", cluster.api("users"), BodyPublishers.ofString(account), "Content-Type", "application/json")
                .expect(201);
        return Http.signedInAs(name, PASSWORD);
    }

    private Program script(String name, String... words) {
        return cluster.client()
                .with(Map.of("HOLDFAST_USER", name, "HOLDFAST_PASSWORD", PASSWORD))
                .and(words);
    }

    private Http.Answer ask(String name, String... headers) {
        return http.post(cluster.api("uploads", name), "", headers);
    }

    private static URI url(Http.Answer upload) {
        return URI.create(upload.expect(201).requireHeader("Location"));
    }

    private static void assertLocked(Http.Answer answer, String user) {
        var problem = answer.expect(423).json();
        assertThat(problem.getString("code")).isEqualTo("locked");
        assertThat(problem.getString("lockedBy")).isEqualTo(user);
        assertThat(problem.getString("detail")).contains(user, problem.getString("lockedUntil"));
        assertThat(Instant.parse(problem.getString("lockedUntil"))).isAfter(Instant.now());
        assertThat(Long.parseLong(answer.requireHeader("Retry-After"))).isPositive();
    }

    private static void assertLost(Http.Answer answer) {
        assertThat(answer.expect(423).json().getString("code")).isEqualTo("lock-lost");
    }

    @Test
    void theSecondWriterOfANameIsRefusedUntilTheFirstHasEnded() {
        URI file = cluster.api("files", "admin/locks/second");
        URI first = url(ask("admin/locks/second"));
        assertLocked(ask("admin/locks/second"), "admin");
        assertLocked(http.put(file, new byte[3]), "admin");
        Http.anonymous().put(first, new byte[5]).expect(201);
        http.put(file, new byte[3]).expect(201);
        assertThat(http.follow(file).expect(200).bytes()).hasSize(3);
    }

    @Test
    void aPutThatFailsLetsOthersInAtOnce() {
        URI upload = url(http.post(URI.create(cluster.api("uploads", "admin/locks/failed") + "?size=4"), ""));
        assertThat(Http.anonymous().put(upload, new byte[5]).status()).isIn(400, 413);
        http.put(cluster.api("files", "admin/locks/failed"), new byte[3]).expect(201);
    }

    @Test
    void aPutThatIsTriedAgainGivesItsEarlierTryUp() {
        URI early = url(ask("admin/locks/again", "Holdfast-Writer", "one"));
        URI late = url(ask("admin/locks/again", "Holdfast-Writer", "one"));
        assertLocked(ask("admin/locks/again", "Holdfast-Writer", "two"), "admin");
        assertLost(Http.anonymous().put(early, new byte[5]));
        Http.anonymous().put(late, new byte[6]).expect(201);
    }

    @Test
    void aCrashedWritersLockRunsOutAndItsLateBytesAreFencedOff() {
        String name = "admin/locks/crashed";
        URI late = url(ask(name));
        assertLocked(ask(name), "admin");
        var unused = cluster.sql("UPDATE file_lock SET expires_at = UTC_TIMESTAMP(6) + INTERVAL 2 SECOND"
                + " WHERE path = 'locks/crashed'");
        await().until(() -> http.put(cluster.api("files", name), new byte[3]).status() == 201);
        assertLost(Http.anonymous().put(late, new byte[5]));
        assertThat(http.follow(cluster.api("files", name)).expect(200).bytes()).hasSize(3);
        // The bytes that were refused are on no disk.
        BlobFiles.awaitNoTraceOf(cluster, late.getPath().substring("/blobs/".length()));
    }

    @Test
    void aLockHoldsAgainstAllOthersAtEveryMasterAndNode() {
        Http lina = person("lina");
        Http max = person("max");
        URI file = cluster.api("files", "lina/a/report.txt");
        lina.put(file, new byte[1]).expect(201);
        lina.send(
                        "PUT",
                        cluster.api("access", "lina/a"),
                        BodyPublishers.ofString("{\"user\":\"max\",\"role\":\"master\"}"),
                        "Content-Type",
                        "application/json")
                .expect(204);
        var lock = max.post(URI.create(cluster.api("locks", "lina/a/report.txt") + "?seconds=600"), "")
                .expect(201)
                .json();
        assertThat(lock.getString("user")).isEqualTo("max");
        assertLocked(lina.put(file, new byte[2]), "max");
        assertLocked(lina.delete(file), "max");
        assertLocked(lina.post(URI.create(file + "?move-to=lina/b.txt"), ""), "max");
        assertLocked(lina.post(cluster.api("locks", "lina/a/report.txt"), ""), "max");
        assertLocked(lina.delete(URI.create(cluster.api("folders", "lina/a") + "?recursive=true")), "max");
        for (String node : new String[] {"sn1", "sn2", "sn3"}) {
            lina.put(cluster.urlOf(node).resolve("/api/v1/files/lina/a/report.txt"), new byte[2])
                    .expect(423);
        }
        max.put(file, new byte[3]).expect(201);
        var listed = lina.get(cluster.api("locks", "lina/a")).expect(200).json().getJsonArray("locks");
        assertThat(listed).hasSize(1);
        assertThat(listed.getJsonObject(0).getString("kind")).isEqualTo("explicit");
        lina.delete(cluster.api("locks", "lina/a/report.txt")).expect(204);
        assertThat(http.get(cluster.api("events")).expect(200).text())
                .contains("lina broke the lock of max on lina/a/report.txt");
        lina.put(file, new byte[4]).expect(201);
    }

    @Test
    void theScriptLocksAndUnlocksAndTellsWhoIsInTheWay() {
        Http noa = person("noa");
        var unused = person("ole");
        noa.put(cluster.api("files", "noa/plan.txt"), new byte[1]).expect(201);
        script("noa", "share", "noa/plan.txt", "ole", "editor").run().ok();
        Path mine = Bytes.file(folder.resolve("plan.txt"), 10, 1);

        assertThat(script("ole", "lock", "noa/plan.txt", "--for", "2h").run().ok())
                .contains("noa/plan.txt is locked by ole until");
        assertThat(script("noa", "put", mine.toString(), "noa/plan.txt")
                        .run()
                        .expect(1)
                        .err())
                .contains("locked by ole");
        assertThat(script("noa", "rm", "noa/plan.txt").run().expect(1).err()).contains("locked by ole");
        assertThat(script("noa", "locks", "noa").run().ok()).contains("explicit", "ole", "plan.txt");
        script("ole", "put", mine.toString(), "noa/plan.txt").run().ok();
        script("ole", "unlock", "noa/plan.txt").run().ok();
        script("ole", "unlock", "noa/plan.txt").run().expect(3);
        script("noa", "put", mine.toString(), "noa/plan.txt").run().ok();

        script("ole", "lock", "noa/plan.txt").run().ok();
        script("ole", "unlock", "-r", "noa").run().expect(3);
        assertThat(script("ole", "unlock", "-r", "noa/plan.txt").run().expect(1).err())
                .contains("owner");
        script("noa", "unlock", "-r", "noa").run().ok();
        script("noa", "rm", "noa/plan.txt").run().ok();
    }
}
