package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A disk goes bad under a running node: the continuous scrub finds it, and the cluster repairs it. */
@Tag("slow")
@Order(64)
@SharedCluster.Of(SharedCluster.Kind.TOUGH)
class ScrubIT {
    private static final String NODE = "sn2";
    private static final String UNKNOWN = "01ARZ3NDEKTSV4RRFFQ69G5FZZ";
    private static final int SIZE_BYTES = 100_000;

    private final TestCluster cluster;

    ScrubIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void whateverGoesBadIsFoundTakenAwayRepairedAndTold() throws IOException {
        // Four copies on four nodes: one of each lies there.
        new StoredFiles(cluster).namespace("scrubbed", 3);
        BlobFiles disk = BlobFiles.of(cluster, NODE);
        List<String> blobs = new ArrayList<>();
        for (int file = 0; file < 5; file++) {
            cluster.http()
                    .put(cluster.api("files", "scrubbed/" + file), Bytes.random(SIZE_BYTES, file))
                    .expect(201);
            String blob = Copies.awaitAll(cluster, "scrubbed/" + file).blob();
            await().until(() -> disk.has(blob));
            blobs.add(blob);
        }
        disk.plant(UNKNOWN, blobs.get(4));
        disk.flipABit(blobs.get(0));
        disk.truncate(blobs.get(1));
        disk.loseSidecar(blobs.get(2));
        disk.delete(blobs.get(3));
        Files.writeString(disk.data().resolve("blobs/00/notes.txt"), "a person's");
        await().ignoreExceptions().untilAsserted(() -> {
            assertThat(cluster.sql("SELECT DISTINCT what FROM check_finding ORDER BY what").stream()
                            .flatMap(List::stream))
                    .containsExactly("MISSING", "NO_SIDECAR", "STRANGER", "UNKNOWN", "WRONG_BYTES", "WRONG_SIZE");
            for (int file = 0; file < 5; file++) {
                assertThat(disk.bytes(blobs.get(file))).hasBinaryContent(Bytes.random(SIZE_BYTES, file));
            }
        });
        for (int file = 0; file < 5; file++) {
            var unused = Copies.awaitAll(cluster, "scrubbed/" + file);
            assertThat(disk.sidecar(blobs.get(file))).exists();
        }
        assertThat(disk.quarantineReason(blobs.get(0))).contains("other bytes");
        assertThat(disk.quarantineReason("notes.txt")).isNotEmpty();
        assertThat(disk.has(UNKNOWN)).isFalse();
        assertThat(cluster.nodeStates()).containsEntry(NODE, "running");
        assertThat(cluster.holdfast("events"))
                .contains("scrubbed/0 (blob " + blobs.get(0) + ") has other bytes than were written.");
    }
}
