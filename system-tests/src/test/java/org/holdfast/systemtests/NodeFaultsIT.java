package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A storage node dies or freezes, and its clients hardly notice. */
@Order(20)
@SharedCluster.Of
class NodeFaultsIT {
    /** Promised: a killed node is skipped within 2 s, a frozen one within 2.5 s; 1 s for a busy machine. */
    private static final Duration KILLED_IS_SKIPPED = Duration.ofSeconds(3);

    private static final Duration FROZEN_IS_SKIPPED = Duration.ofMillis(3_500);
    private static final int LARGE_BYTES = 40_000_000;

    private final TestCluster cluster;

    @TempDir
    Path folder;

    NodeFaultsIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    @AfterEach
    void heal() {
        cluster.heal();
    }

    @Test
    void aKilledPrimaryIsReplacedByAReplicaAndTakesNoMorePuts() throws IOException {
        byte[] body = Bytes.random(100_000, 1);
        String name = "admin/faults/killed.bin";
        cluster.http().put(cluster.api("files", name), body).expect(201);
        var copies = Copies.awaitAll(cluster, name);
        String origin = cluster.urlOf(copies.origin()).toString();
        long pid = cluster.component(copies.origin()).pid();

        TestCluster.kill(pid);
        // The script does not wait for the cluster to notice: the next holder is in the same answer.
        Path back = folder.resolve("back");
        cluster.holdfast("get", name, back.toString());
        assertThat(back).hasBinaryContent(body);
        // Nor do puts, in two steps and in one.
        for (int file = 0; file < 4; file++) {
            cluster.holdfast("put", back.toString(), "admin/faults/two-steps-" + file);
            cluster.http()
                    .put(cluster.api("files", "admin/faults/one-step-" + file), body)
                    .expect(201);
        }
        awaitFirstHolderIsNot(origin, name, KILLED_IS_SKIPPED);
        assertThat(cluster.http().follow(cluster.api("files", name)).expect(200).bytes())
                .isEqualTo(body);
        assertThat(cluster.nodeStates()).containsEntry(copies.origin(), "down");
        awaitOneTruth();
        assertThat(cluster.holdfast("where", name)).contains("down");
        for (int file = 0; file < 4; file++) {
            for (String kind : List.of("two-steps-", "one-step-")) {
                assertThat(Copies.of(cluster, "admin/faults/" + kind + file).origin())
                        .isNotEqualTo(copies.origin());
            }
        }
    }

    /** While a node is awaited, nobody says that all is safe, and all say the same. */
    private void awaitOneTruth() {
        await().untilAsserted(() -> {
            var told = cluster.http()
                    .get(cluster.api("cluster"))
                    .expect(200)
                    .json()
                    .getJsonArray("cluster")
                    .getJsonObject(0);
            assertThat(told.getString("safety")).isNotEqualTo("safe");
            assertThat(told.getInt("fewRunning")).isPositive();
            assertThat(told.isNull("healBeginsInSeconds")).isFalse();
            assertThat(told.getInt("healBeginsInSeconds")).isBetween(1, 600);
            assertThat(cluster.client("status").run().expect(1).out().strip()).isEqualTo(told.getString("verdict"));
            List<String> numbers = Stream.of("fewRunning", "underReplicated", "unreadable")
                    .map(name -> Integer.toString(told.getInt(name)))
                    .toList();
            assertThat(cluster.sql("SELECT COUNT(*), SUM(missing > 0), SUM(readable = 0) FROM under_replicated")
                            .get(0))
                    .isEqualTo(numbers);
            String metrics = Http.anonymous()
                    .get(cluster.url().resolve("/metrics"))
                    .expect(200)
                    .text();
            assertThat(Stream.of("few_running", "under_replicated", "unreadable")
                            .map(name -> metrics.replaceAll(
                                    "(?s).*\n\\S*holdfast_versions_" + name + "\\S* ([0-9]+)\\D.*", "$1")))
                    .containsExactlyElementsOf(numbers);
        });
    }

    @Test
    void aReplicaServesWithinTwoSecondsOfTheKill() {
        byte[] body = Bytes.random(100_000, 2);
        String name = "admin/faults/quick.bin";
        cluster.http().put(cluster.api("files", name), body).expect(201);
        String origin = Copies.awaitAll(cluster, name).origin();
        String url = cluster.urlOf(origin).toString();
        TestCluster.kill(cluster.component(origin).pid());
        awaitFirstHolderIsNot(url, name, KILLED_IS_SKIPPED);
        assertThat(cluster.http().follow(cluster.api("files", name)).expect(200).bytes())
                .isEqualTo(body);
    }

    @Test
    void aFrozenNodeIsSkippedAndComesBackWhenItThaws() {
        byte[] body = Bytes.random(100_000, 3);
        String name = "admin/faults/frozen.bin";
        cluster.http().put(cluster.api("files", name), body).expect(201);
        String origin = Copies.awaitAll(cluster, name).origin();
        String url = cluster.urlOf(origin).toString();
        cluster.node("pause", origin);
        awaitFirstHolderIsNot(url, name, FROZEN_IS_SKIPPED);
        assertThat(cluster.http().follow(cluster.api("files", name)).expect(200).bytes())
                .isEqualTo(body);
        cluster.node("resume", origin);
        cluster.awaitAllNodesRunning();
        // It is late until it has answered in time for ten seconds; others are asked first meanwhile.
        await().untilAsserted(() -> assertThat(
                        cluster.http().get(cluster.api("files", name)).requireHeader("Location"))
                .startsWith(url));
    }

    @Tag("slow")
    @Test
    void aHolderThatDiesInMidTransferCostsAResumeAndNotTheFile() throws IOException {
        Path file = Bytes.file(folder.resolve("large"), LARGE_BYTES, 4);
        cluster.holdfast("put", file.toString(), "admin/faults/large.bin");
        var copies = Copies.awaitAll(cluster, "admin/faults/large.bin");
        long holder = cluster.component(copies.origin()).pid();

        Path back = folder.resolve("back");
        Process get = cluster.client("get", "admin/faults/large.bin", back.toString())
                .start(folder.resolve("get.out"), folder.resolve("get.err"));
        await().pollInterval(Duration.ofMillis(2)).until(() -> partBytes() > 0);
        Program.of(folder, "sh", "-c", "kill -STOP " + holder).run().ok();
        assertThat(partBytes()).as("frozen in mid-transfer").isLessThan(LARGE_BYTES);
        TestCluster.kill(holder);

        assertThat(await().until(() -> ended(get), done -> done)).isTrue();
        assertThat(get.exitValue())
                .as("%s", Files.readString(folder.resolve("get.err")))
                .isZero();
        assertThat(Files.mismatch(file, back)).isEqualTo(-1);
        cluster.holdfast("rm", "admin/faults/large.bin");
    }

    @Tag("slow")
    @Test
    void bytesThatAreOutAlreadyGoOnFromAnotherHolder() throws IOException, InterruptedException {
        Path file = Bytes.file(folder.resolve("large"), LARGE_BYTES, 5);
        cluster.holdfast("put", file.toString(), "admin/faults/piped.bin");
        var copies = Copies.awaitAll(cluster, "admin/faults/piped.bin");
        long holder = cluster.component(copies.origin()).pid();

        var program = cluster.client("get", "admin/faults/piped.bin", "-");
        var builder = new ProcessBuilder(program.words())
                .directory(folder.toFile())
                .redirectError(folder.resolve("pipe.err").toFile());
        builder.environment().putAll(program.environment());
        Process get = builder.start();
        var digest = Bytes.messageDigest("SHA-256");
        try (InputStream in = get.getInputStream()) {
            // A slow reader: the script and the node wait for it, so that the kill comes in the middle for sure.
            digest.update(in.readNBytes(5_000_000));
            TestCluster.kill(holder);
            byte[] buffer = new byte[1 << 18];
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                digest.update(buffer, 0, got);
            }
        }
        assertThat(get.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(get.exitValue())
                .as("%s", Files.readString(folder.resolve("pipe.err")))
                .isZero();
        assertThat(java.util.HexFormat.of().formatHex(digest.digest())).isEqualTo(Bytes.sha256(file));
        cluster.holdfast("rm", "admin/faults/piped.bin");
    }

    private void awaitFirstHolderIsNot(String origin, String name, Duration limit) {
        await().pollInterval(Duration.ofMillis(50))
                .atMost(Patience.promised(limit))
                .untilAsserted(() -> assertThat(cluster.http()
                                .get(cluster.api("files", name))
                                .expect(307)
                                .requireHeader("Location"))
                        .doesNotStartWith(origin));
    }

    /** How much the script has fetched; it keeps unverified bytes under another name. */
    private long partBytes() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".holdfast-part"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean ended(Process process) {
        return !process.isAlive();
    }
}
