package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts around the cluster; the last class, for it ends the cluster. */
@Order(50)
@SharedCluster.Of
class SetupIT {
    private final TestCluster cluster;

    @TempDir
    Path folder;

    SetupIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void aSecondStartOnTheSameDataSaysSo() {
        var second = cluster.setup("start", "--port", "0").run().expect(1);
        assertThat(second.err().lines()).hasSize(1);
        assertThat(second.err()).contains("runs already", cluster.data().toString());
        assertThat(cluster.status()).containsKey("m1");
    }

    @Test
    void aTakenPortIsNamed() {
        int port = cluster.url().getPort();
        var start = TestCluster.CHECKOUT.resolve("setup/start").toString();
        var second = Program.of(
                        folder, start, "--data", folder.resolve("other").toString(), "--port", Integer.toString(port))
                .with(java.util.Map.of("HOLDFAST_BUILD", "never"))
                .run()
                .expect(1);
        assertThat(second.err().lines()).hasSize(1);
        assertThat(second.err()).contains("port " + port, "is taken");
    }

    @Test
    void nonsenseIsAnsweredWithTheUsage() {
        assertThat(cluster.setup("start", "--frobnicate").run().expect(2).err()).contains("usage:");
        assertThat(cluster.setup("node", "kill", "sn99").run().expect(2).err()).contains("there is no component sn99");
        assertThat(Program.of(
                                folder,
                                TestCluster.CHECKOUT.resolve("setup/status").toString())
                        .and("--data", folder.toString())
                        .run()
                        .expect(1)
                        .err())
                .contains("there is no cluster in");
    }

    @Tag("slow")
    @Test
    void controlCLeavesNoProcessAndTheDataSurvives() {
        byte[] body = Bytes.random(70_000, 10);
        cluster.http().put(cluster.api("files", "admin/survives"), body).expect(201);
        Copies.awaitAll(cluster, "admin/survives");
        String password = cluster.password();
        assertThat(cluster.processes()).hasSizeGreaterThan(6);
        // The launcher has it on its list still, and the masters will not have it back.
        cluster.holdfast("node", "offline", "sn3");
        cluster.holdfast("node", "remove", "sn3", "--force");

        Program.of(folder, "sh", "-c", "kill -INT " + cluster.launcher().pid())
                .run()
                .ok();
        cluster.awaitLauncherGone();
        await().untilAsserted(() -> assertThat(cluster.processes()).isEmpty());

        cluster.bootAgain();
        // They prove all that the tests before this one have put.
        await().untilAsserted(() -> assertThat(cluster.nodeStates())
                .containsEntry("sn1", "running")
                .containsEntry("sn2", "running")
                .doesNotContainKey("sn3"));
        assertThat(cluster.status()).doesNotContainKey("sn3");
        assertThat(Http.signedInAs("admin", password)
                        .follow(cluster.api("files", "admin/survives"))
                        .expect(200)
                        .bytes())
                .isEqualTo(body);
        assertThat(Copies.of(cluster, "admin/survives").verified())
                .as("all but the one that was removed")
                .hasSizeBetween(2, 3)
                .doesNotContain("sn3");

        cluster.stop();
        assertThat(cluster.processes()).isEmpty();
    }
}
