package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes that come later. */
@Tag("slow")
@Order(40)
@SharedCluster.Of
class JoiningIT {
    private final TestCluster cluster;

    JoiningIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void aNewNodeJoinsThroughAMasterOrThroughAnotherNodeAndTakesFilesAtOnce() throws IOException {
        long master = cluster.component("m1").pid();
        cluster.node("start", "sn4");
        takesFiles("sn4");

        // The same program once more, with another name, port and directory, that knows no master but a storage node.
        var sn4 = cluster.component("sn4");
        URI url = URI.create(sn4.address());
        String port = Integer.toString(url.getPort());
        String nextPort = Integer.toString(url.getPort() + 1);
        Path run = cluster.data().resolve("run/payara");
        Program.of(run, "cp", "-R", "sn4", "sn5").run().ok();
        cluster.setup("certificates", "node", "sn5").run().ok();
        change(run.resolve("sn5/pre-boot.txt"), port, nextPort);
        change(run.resolve("sn5/tls.args"), password("sn4"), password("sn5"));
        change(run.resolve("sn5/tls.args"), "sn4", "sn5");
        List<String> words = TestCluster.commandWords(sn4.pid()).stream()
                .map(word -> word.startsWith("-Dholdfast.node.members=")
                        ? "-Dholdfast.node.members=" + cluster.urlOf("sn1")
                        : word.replace("sn4", "sn5").replace(port, nextPort))
                .toList();
        Path log = cluster.data().resolve("logs/sn5.log");
        Process sn5 = new Program(words, java.util.Map.of(), run.resolve("sn5"), Patience.SOON).start(log, log);
        try {
            takesFiles("sn5");
        } finally {
            TestCluster.kill(sn5.pid());
            // Whatever became of it: what failed before is what is to be told.
            cluster.client("node", "offline", "sn5").run();
            cluster.client("node", "remove", "sn5", "--force").run();
        }
        assertThat(cluster.component("m1").pid())
                .as("the master was not restarted")
                .isEqualTo(master);
    }

    private String password(String component) throws IOException {
        return Files.readString(cluster.data().resolve("secrets/tls/" + component + ".password"))
                .strip();
    }

    private static void change(Path file, String word, String other) throws IOException {
        Files.writeString(file, Files.readString(file).replace(word, other));
    }

    private void takesFiles(String node) {
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(cluster.nodeStates()).containsEntry(node, "running"));
        String name = "admin/joined/" + node;
        byte[] body = Bytes.random(20_000, 9);
        var upload = cluster.http()
                .post(URI.create(cluster.api("uploads", name) + "?node=" + node), "")
                .expect(201);
        Http.anonymous().put(URI.create(upload.requireHeader("Location")), body).expect(201);
        var copies = Copies.awaitAll(cluster, name);
        assertThat(copies.origin()).isEqualTo(node);
        assertThat(cluster.http().follow(cluster.api("files", name)).expect(200).bytes())
                .isEqualTo(body);
        await().untilAsserted(() -> assertThat(cluster.sql("SELECT status FROM node_space WHERE node = '" + node + "'"))
                .isEqualTo(List.of(List.of("RUNNING"))));
    }
}
