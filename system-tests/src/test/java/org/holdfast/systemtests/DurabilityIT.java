package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A put that promised two disks loses nothing with one of them, and one that can't keep the promise leaves nothing. */
@Order(25)
@SharedCluster.Of
class DurabilityIT {
    private static final int LARGE_BYTES = 10_000_000;

    private final TestCluster cluster;

    @TempDir
    Path folder;

    DurabilityIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    @AfterEach
    void heal() {
        cluster.heal();
    }

    /** No worker runs, so what is readable afterwards is there because of the put and nothing else. */
    @Tag("slow")
    @Test
    void theNodeThatTookItDiesRightAfterTheAnswer() throws IOException {
        cluster.node("stop", "worker1");
        byte[] body = Bytes.random(300_000, 1);
        Path file = Files.write(folder.resolve("file"), body);
        String twoSteps = "admin/durable/two-steps.bin";
        assertThat(cluster.holdfast("put", "--durability", "2", file.toString(), twoSteps))
                .contains("2 of 3 copies durable");
        kill(Copies.of(cluster, twoSteps).origin());
        assertThat(Copies.of(cluster, twoSteps).verified()).hasSize(2);
        Path back = folder.resolve("back");
        cluster.holdfast("get", twoSteps, back.toString());
        assertThat(back).hasBinaryContent(body);

        cluster.heal();
        cluster.node("stop", "worker1");
        String oneStep = "admin/durable/one-step.bin";
        assertThat(cluster.http()
                        .put(URI.create(cluster.api("files", oneStep) + "?durability=2"), body)
                        .expect(201)
                        .json()
                        .getInt("durableCopies"))
                .isEqualTo(2);
        kill(Copies.of(cluster, oneStep).origin());
        cluster.holdfast("get", oneStep, back.toString());
        assertThat(back).hasBinaryContent(body);
        cluster.heal();
        Copies.awaitAll(cluster, twoSteps);
        Copies.awaitAll(cluster, oneStep);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"kill", "pause"})
    void aPartnerThatFailsInMidUploadIsReplaced(String verb) {
        byte[] body = Bytes.random(LARGE_BYTES, verb.hashCode());
        String name = "admin/durable/" + verb + ".bin";
        var upload = cluster.http()
                .post(URI.create(cluster.api("uploads", name) + "?durability=2"), "")
                .expect(201)
                .json();
        String partner = partners(upload.getString("url")).get(0);
        var answer = Http.anonymous()
                .send(
                        "PUT",
                        URI.create(upload.getString("url")),
                        BodyPublishers.ofInputStream(() -> new Interrupted(body, () -> cluster.node(verb, partner))));
        assertThat(answer.expect(201).json().getInt("durableCopies")).isEqualTo(2);
        assertThat(Copies.of(cluster, name).verified())
                .contains(upload.getString("node"))
                .doesNotContain(partner);
        assertThat(cluster.http().follow(cluster.api("files", name)).expect(200).bytes())
                .isEqualTo(body);
        cluster.heal();
        assertThat(Copies.awaitAll(cluster, name).verified()).hasSize(3);
        cluster.holdfast("rm", name);
    }

    @Tag("slow")
    @Test
    void aPromiseThatCannotBeKeptLeavesNothing() {
        URI file = URI.create(cluster.api("files", "admin/durable/unmet.bin") + "?durability=2");
        List<Long> pids = Stream.of("sn2", "sn3")
                .map(name -> cluster.component(name).pid())
                .toList();
        pids.forEach(TestCluster::kill);
        // At once, while the master still believes in all of them, and when it knows.
        cluster.http().put(file, Bytes.random(100_000, 3)).expect(503);
        await().until(() ->
                cluster.nodeStates().values().stream().filter("down"::equals).count() == 2);
        var refused = cluster.http().put(file, Bytes.random(100_000, 4)).expect(503);
        assertThat(refused.json().getString("code")).isEqualTo("durability-unmet");
        assertThat(refused.json().getString("detail")).contains("on 2 nodes").contains("only 1");
        cluster.http().get(cluster.api("files", "admin/durable/unmet.bin")).expect(404);
        await().until(() -> sidecarsNaming("durable/unmet.bin"), List::isEmpty);
    }

    private void kill(String node) {
        TestCluster.kill(cluster.component(node).pid());
    }

    private static List<String> partners(String url) {
        String ticket = url.substring(url.indexOf("ticket=") + "ticket=".length());
        return Tickets.claims(ticket).getJsonObject("put").getJsonArray("partners").stream()
                .map(partner -> partner.asJsonObject().getString("name"))
                .toList();
    }

    /** What lies on disks of a file, committed or not. */
    private List<Path> sidecarsNaming(String path) {
        try (Stream<Path> files = Files.walk(cluster.data().resolve("nodes"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> text(file).contains(path))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file may go while it is looked for. */
    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    /** A body in whose middle something happens. */
    private static final class Interrupted extends FilterInputStream {
        private final int middle;
        private final Runnable incident;
        private int read;

        Interrupted(byte[] body, Runnable incident) {
            super(new ByteArrayInputStream(body));
            this.middle = body.length / 4;
            this.incident = incident;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (read < middle && read + count >= middle) {
                incident.run();
            }
            read += Math.max(0, count);
            return count;
        }
    }
}
