package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A cluster in plain text, as all were before there was TLS, and the same cluster after its next start. */
@Tag("slow")
@Order(45)
@ResourceLock(SharedCluster.Lanes.OTHERS)
class PlaintextIT {
    @Test
    void aPlaintextClusterGoesOnWithinTls() throws Exception {
        byte[] body = Bytes.random(300_000, 4);
        try (var cluster =
                TestCluster.boot("plaintext", Map.of(), TestCluster.SHORT_LIVED, "--plaintext", "--nodes", "2")) {
            assertThat(cluster.url().getScheme()).isEqualTo("http");
            assertThat(cluster.urlOf("sn1").getScheme()).isEqualTo("http");
            assertThat(cluster.holdfast("nodes")).contains("sn1", "sn2");
            cluster.http().put(cluster.api("files", "admin/before"), body).expect(201);
            assertThat(cluster.http()
                            .follow(cluster.api("files", "admin/before"))
                            .expect(200)
                            .bytes())
                    .isEqualTo(body);
            assertThat(cluster.authority()).doesNotExist();
            cluster.stop();
            assertThat(Files.readString(cluster.data().resolve("nodes/sn1/node.json")))
                    .contains("http://127.0.0.1");

            cluster.bootAgain("--nodes", "2");
            assertThat(cluster.url().getScheme()).isEqualTo("https");
            cluster.awaitAllNodesRunning();
            assertThat(cluster.http()
                            .follow(cluster.api("files", "admin/before"))
                            .expect(200)
                            .bytes())
                    .isEqualTo(body);
            cluster.http().put(cluster.api("files", "admin/after"), body).expect(201);
            assertThat(cluster.sql("SELECT url FROM storage_node"))
                    .allSatisfy(row -> assertThat(row.get(0)).startsWith("https://127.0.0.1"));
            assertThat(Files.readString(cluster.data().resolve("nodes/sn1/node.json")))
                    .contains("https://127.0.0.1")
                    .doesNotContain("http://");
        }
    }
}
