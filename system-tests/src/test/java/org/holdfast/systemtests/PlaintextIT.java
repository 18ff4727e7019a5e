package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A cluster in plain text, as all were before there was TLS, and the same cluster after its next start, elsewhere. */
@Tag("slow")
@Order(45)
@ResourceLock(SharedCluster.Lanes.OTHERS)
class PlaintextIT {
    private static final String OTHER_ADDRESS = "127.0.0.2";

    @Test
    void aPlaintextClusterGoesOnWithinTlsAtAnotherAddress() throws Exception {
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

            cluster.bootAgain("--nodes", "2", "--listen", OTHER_ADDRESS);
            assertThat(cluster.url().getScheme()).isEqualTo("https");
            for (URI one : List.of(cluster.url(), cluster.urlOf("sn1"))) {
                assertThat(one.getHost()).isEqualTo(OTHER_ADDRESS);
                assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), one.getPort()).close())
                        .as("nobody listens on another address than was asked for")
                        .isInstanceOf(ConnectException.class);
            }
            cluster.awaitAllNodesRunning();
            assertThat(cluster.http()
                            .follow(cluster.api("files", "admin/before"))
                            .expect(200)
                            .bytes())
                    .isEqualTo(body);
            cluster.http().put(cluster.api("files", "admin/after"), body).expect(201);
            assertThat(cluster.sql("SELECT url FROM storage_node"))
                    .allSatisfy(row -> assertThat(row.get(0)).startsWith("https://" + OTHER_ADDRESS));
            assertThat(Files.readString(cluster.data().resolve("nodes/sn1/node.json")))
                    .contains("https://" + OTHER_ADDRESS)
                    .doesNotContain("http://");
        }
    }
}
