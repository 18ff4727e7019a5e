package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A node goes away, and proves what it holds before it is used again. */
@Order(63)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SharedCluster.Of(SharedCluster.Kind.FORGETFUL)
class ReturnIT {
    private static final String NODE = "sn1";
    private static final int SIZE_BYTES = 100_000;
    /** Of the year 2016. */
    private static final String UNKNOWN = "01ARZ3NDEKTSV4RRFFQ69G5FZZ";

    private final TestCluster cluster;
    private final BlobFiles disk;

    ReturnIT(TestCluster cluster) {
        this.cluster = cluster;
        disk = BlobFiles.of(cluster, NODE);
    }

    @AfterEach
    void heal() {
        cluster.heal();
    }

    private String put(String name, long seed) {
        cluster.http()
                .put(cluster.api("files", "admin/" + name), Bytes.random(SIZE_BYTES, seed))
                .expect(201);
        String blob = Copies.awaitAll(cluster, "admin/" + name).blob();
        // A blob is promoted soon after its commit.
        await().until(() -> disk.has(blob));
        return blob;
    }

    private void putNow(String name, long seed) {
        cluster.http()
                .put(cluster.api("files", "admin/" + name), Bytes.random(SIZE_BYTES, seed))
                .expect(201);
    }

    private void leaves() {
        cluster.kill(NODE);
        awaitStatus("down");
    }

    private void awaitStatus(String status) {
        cluster.awaitStatus(NODE, status);
    }

    private void want(String change) {
        cluster.http().patch(cluster.api("nodes/" + NODE), change).expect(200);
    }

    private byte[] read(String name) {
        return cluster.http()
                .follow(cluster.api("files", "admin/" + name))
                .expect(200)
                .bytes();
    }

    @Test
    void nothingThatWasDeletedOrOverwrittenComesBack() {
        keepOlderVersions(0);
        String deleted = put("comes-back/deleted", 1);
        String overwritten = put("comes-back/overwritten", 2);
        String kept = put("comes-back/kept", 3);
        leaves();
        cluster.http().delete(cluster.api("files", "admin/comes-back/deleted")).expect(204);
        putNow("comes-back/overwritten", 22);
        putNow("comes-back/new", 4);
        await().until(() -> cluster.sql("SELECT SUM(changed_at > UTC_TIMESTAMP() - INTERVAL 3 SECOND) FROM change_log")
                .get(0)
                .get(0)
                .equals("0"));
        cluster.node("start", NODE);
        awaitStatus("running");
        assertThat(List.of(disk.has(deleted), disk.has(overwritten), disk.has(kept)))
                .containsExactly(false, false, true);
        assertThat(disk.quarantineReason(deleted)).contains("DELETE admin/comes-back/deleted");
        assertThat(disk.quarantineReason(overwritten)).contains("PUT admin/comes-back/overwritten");
        assertThat(cluster.http()
                        .get(cluster.api("files", "admin/comes-back/deleted"))
                        .status())
                .isEqualTo(404);
        assertThat(read("comes-back/overwritten")).isEqualTo(Bytes.random(SIZE_BYTES, 22));
        assertThat(read("comes-back/kept")).isEqualTo(Bytes.random(SIZE_BYTES, 3));
        assertThat(read("comes-back/new")).isEqualTo(Bytes.random(SIZE_BYTES, 4));
        keepOlderVersions(10);
    }

    private void keepOlderVersions(int count) {
        cluster.http()
                .patch(cluster.api("namespaces/admin"), "{\"versionsKept\":" + count + "}")
                .expect(200);
    }

    @Tag("slow")
    @Test
    void aDamagedDiskFailsUntilItIsMended() throws IOException {
        List<String> blobs = new ArrayList<>();
        List<Runnable> mending = new ArrayList<>();
        for (int file = 0; file < 5; file++) {
            String blob = put("damaged/" + file, 10 + file);
            blobs.add(blob);
            mending.add(disk.backup(blob));
        }
        leaves();
        disk.flipABit(blobs.get(0));
        disk.truncate(blobs.get(1));
        disk.delete(blobs.get(2));
        disk.loseSidecar(blobs.get(3));
        cluster.node("start", NODE);
        awaitStatus("failed");
        assertThat(cluster.holdfast("nodes")).contains("4 of ").contains("copies are bad or missing");
        assertThat(cluster.holdfast("events")).contains("verifying").contains("failed");
        assertThat(cluster.sql("SELECT what FROM check_finding ORDER BY id").stream()
                        .flatMap(List::stream))
                .contains("WRONG_BYTES", "WRONG_SIZE", "MISSING");
        // It is pinged and not used: files are read from others.
        for (int file = 0; file < 5; file++) {
            assertThat(read("damaged/" + file)).isEqualTo(Bytes.random(SIZE_BYTES, 10 + file));
        }
        want("{\"adminState\":\"offline\"}");
        mending.forEach(Runnable::run);
        want("{\"adminState\":\"in_service\"}");
        awaitStatus("running");
        for (int file = 0; file < 5; file++) {
            var unused = Copies.awaitAll(cluster, "admin/damaged/" + file);
        }
    }

    @Tag("slow")
    @Test
    void aNodeThatHealsItselfNeedsNobody() throws IOException {
        String flipped = put("heals/flipped", 20);
        String lost = put("heals/lost", 21);
        want("{\"heal\":\"auto\"}");
        leaves();
        disk.flipABit(flipped);
        disk.delete(lost);
        cluster.node("start", NODE);
        awaitStatus("running");
        assertThat(disk.bytes(flipped)).hasBinaryContent(Bytes.random(SIZE_BYTES, 20));
        assertThat(disk.bytes(lost)).hasBinaryContent(Bytes.random(SIZE_BYTES, 21));
        assertThat(disk.quarantineReason(flipped)).contains("bad when this node returned");
        assertThat(cluster.sql("SELECT detail FROM copy_check WHERE kind = 'RETURN' ORDER BY id DESC LIMIT 1")
                        .get(0)
                        .get(0))
                .isEqualTo("2 bad copies were restored; all are right.");
        want("{\"heal\":\"manual\"}");
    }

    @Tag("slow")
    @Test
    void whoMissedMoreThanTheLogHoldsIsComparedAsAWhole() throws IOException {
        String deleted = put("trimmed/deleted", 30);
        String kept = put("trimmed/kept", 31);
        leaves();
        disk.plant(UNKNOWN, kept);
        cluster.http().delete(cluster.api("files", "admin/trimmed/deleted")).expect(204);
        for (int file = 0; file < 10; file++) {
            putNow("trimmed/more-" + file, 40 + file);
        }
        await().until(() -> cluster.sql("SELECT COUNT(*) <= 8 AND MIN(seq) > 2 FROM change_log")
                .get(0)
                .get(0)
                .equals("1"));
        cluster.node("start", NODE);
        awaitStatus("running");
        assertThat(disk.quarantineReason(UNKNOWN)).contains("knows of no copy");
        await().until(() -> !disk.has(deleted));
        assertThat(disk.has(kept)).isTrue();
        assertThat(cluster.http()
                        .get(cluster.api("files", "admin/trimmed/deleted"))
                        .status())
                .isEqualTo(404);
        assertThat(read("trimmed/kept")).isEqualTo(Bytes.random(SIZE_BYTES, 31));
    }

    @Tag("slow")
    @Test
    void aNodeThatDiesDuringItsProofGivesItAtItsNextReturn(@TempDir Path folder) {
        Path large = Bytes.file(folder.resolve("large"), 30L << 20, 50);
        cluster.holdfast("put", large.toString(), "admin/dies/large");
        var unused = Copies.awaitAll(cluster, "admin/dies/large");
        long pid = cluster.component(NODE).pid();
        want("{\"adminState\":\"offline\"}");
        want("{\"adminState\":\"in_service\"}");
        TestCluster.kill(pid);
        await().until(() -> !"verifying".equals(cluster.nodeStates().get(NODE))
                && !"running".equals(cluster.nodeStates().get(NODE)));
        await().until(() -> cluster.sql("SELECT state FROM copy_check WHERE kind = 'RETURN' ORDER BY id DESC LIMIT 1")
                .get(0)
                .get(0)
                .equals("INTERRUPTED"));
        awaitStatus("down");
        cluster.node("start", NODE);
        awaitStatus("running");
        cluster.http().delete(cluster.api("files", "admin/dies/large")).expect(204);
    }

    @Test
    void aScrubOnDemandReadsAFileNow() throws IOException {
        String blob = put("demand/a \"file\"", 60);
        assertThat(cluster.holdfast("scrub", "admin/demand/a \"file\"", "--node", NODE))
                .contains("1 copies read, 0 bad");
        disk.flipABit(blob);
        var found = cluster.client("scrub", "admin/demand").run().expect(1);
        assertThat(found.out())
                .contains("3 copies read, 1 bad")
                .contains("wrong-bytes")
                .contains(NODE);
        await().until(() -> disk.has(blob));
        var unused = Copies.awaitAll(cluster, "admin/demand/a \"file\"");
        assertThat(cluster.holdfast("scrub", "--node", NODE)).contains(" 0 bad");
        assertThat(cluster.client("scrub", "admin/nowhere").run().exitCode()).isEqualTo(3);
    }
}
