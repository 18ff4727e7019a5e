package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as people have them: empty, many, deep, and with every name that is allowed. */
@Order(39)
@SharedCluster.Of
class RealInputIT {
    private static final List<String> NAMES = List.of(
            "with spaces  and two",
            "Übergrößenträger.txt",
            "rocket 🚀 & 家族.png",
            "100%",
            "%41%2F",
            "what?who=1",
            "part#2",
            "a;b=c",
            "-leading-dash",
            "--",
            "'single' \"double\"",
            "$(touch x) `y` $HOME",
            "*[a-z]?",
            " begins and ends with space ",
            "a+b&c=d",
            ". . .",
            "e\u0301 and \u00e9",
            "n".repeat(255));

    private final TestCluster cluster;

    @TempDir
    Path folder;

    RealInputIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void anEmptyFileIsAFile() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty"));
        cluster.holdfast("put", empty.toString(), "admin/real/empty");
        assertThat(Copies.awaitAll(cluster, "admin/real/empty").verified()).hasSize(3);
        Path back = folder.resolve("back");
        cluster.holdfast("get", "admin/real/empty", back.toString());
        assertThat(back).isEmptyFile();
        var answer =
                cluster.http().follow(cluster.api("files", "admin/real/empty")).expect(200);
        assertThat(answer.requireHeader("Content-Length")).isEqualTo("0");
        assertThat(cluster.http()
                        .follow(cluster.api("files", "admin/real/empty"), "Range", "bytes=0-")
                        .expect(200)
                        .bytes())
                .isEmpty();
    }

    @Tag("slow")
    @Test
    void aTreeOfAThousandFilesComesBackAsItWas() throws IOException {
        Path tree = folder.resolve("tree");
        for (int file = 0; file < 1_050; file++) {
            Path path = tree.resolve("a" + file % 7 + "/b " + file % 31 + "/file-" + file + ".txt");
            Files.createDirectories(path.getParent());
            Files.write(path, Bytes.random(file % 50 == 0 ? 0 : file * 3, file));
        }
        Files.createDirectories(tree.resolve("empty/folders"));
        assertThat(cluster.client("put", "-r", tree.toString(), "admin/real/tree")
                        .within(Duration.ofMinutes(3))
                        .run()
                        .ok())
                .contains("1051 of 1051");
        Path back = folder.resolve("back");
        assertThat(cluster.holdfast("get", "-r", "admin/real/tree", back.toString()))
                .contains("1050 of 1050");
        assertThat(contents(back)).isEqualTo(contents(tree));
        assertThat(back.resolve("empty/folders")).isDirectory();
        cluster.holdfast("rm", "-r", "admin/real/tree");
        cluster.client("ls", "admin/real/tree").run().expect(3);
    }

    @Tag("slow")
    @Test
    void everyAllowedNameWorksOverHttpAndThroughTheScript() throws IOException {
        Path mine = Files.createDirectory(folder.resolve("names"));
        for (String name : NAMES) {
            byte[] body = ("I am " + name).getBytes(UTF_8);
            Files.write(mine.resolve(name), body);
            cluster.http()
                    .put(cluster.api("files", "admin/real/http/" + name), body)
                    .expect(201);
            assertThat(cluster.http()
                            .follow(cluster.api("files", "admin/real/http/" + name))
                            .expect(200)
                            .bytes())
                    .as(name)
                    .isEqualTo(body);
        }
        cluster.holdfast("put", "-r", mine.toString(), "admin/real/script");
        for (String place : List.of("admin/real/http", "admin/real/script")) {
            assertThat(cluster.holdfast("ls", place).lines()).containsExactlyInAnyOrderElementsOf(NAMES);
            Path back = folder.resolve(place.replace('/', '-'));
            cluster.holdfast("get", "-r", place, back.toString());
            assertThat(contents(back)).isEqualTo(contents(mine));
        }
        // One by one: other code in the script, and arguments instead of lists.
        for (String name : List.of("-leading-dash", "what?who=1", "rocket 🚀 & 家族.png", "%41%2F")) {
            Path one = Files.createDirectory(folder.resolve("one-" + NAMES.indexOf(name)));
            cluster.client("put", "--", name, "admin/real/single/")
                    .in(mine)
                    .run()
                    .ok();
            cluster.client("get", "admin/real/single/" + name).in(one).run().ok();
            assertThat(contents(one)).isEqualTo(Map.of(name, Bytes.sha256(mine.resolve(name))));
        }
    }

    @Tag("slow")
    @Test
    void aHundredAndTwentyEightLevelsDeepAndNoDeeper() throws IOException {
        String deep = "admin/real/" + "level/".repeat(127) + "file";
        cluster.http().put(cluster.api("files", deep), Bytes.random(10, 1)).expect(201);
        assertThat(cluster.holdfast("ls", deep.substring(0, deep.length() - 5))).isEqualTo("file\n");
        Path back = folder.resolve("deep");
        cluster.holdfast("get", deep, back.toString());
        assertThat(back).hasBinaryContent(Bytes.random(10, 1));
        assertThat(cluster.http()
                        .put(cluster.api("files", "admin/real/" + "level/".repeat(128) + "file"), Bytes.random(10, 1))
                        .expect(400)
                        .text())
                .contains("path-too-deep");
        cluster.holdfast("rm", "-r", "admin/real/level");
    }

    /** With every byte percent-encoded such a path has 12 KiB, and a move has two of them. */
    @Test
    void theLongestPathsComeInAndGoOutEverywhere() throws IOException {
        String name = "/" + "\u3042".repeat(85);
        String path = "admin" + name.repeat(16);
        byte[] body = Bytes.random(100, 7);
        Http http = cluster.http();
        http.put(cluster.api("files", path), body).expect(201);
        http.put(cluster.urlOf("sn1").resolve(cluster.api("files", path).getRawPath()), body)
                .expect(201);
        URI ticket = URI.create(http.post(URI.create(cluster.api("uploads", path) + "?size=100&durability=2"), "")
                .expect(201)
                .requireHeader("Location"));
        Http.anonymous().put(ticket, body).expect(201);
        assertThat(http.head(cluster.api("files", path)).expect(200).requireHeader("Holdfast-Version"))
                .isEqualTo("3");
        String moved = "admin/b" + name.repeat(16).substring(2);
        http.post(URI.create(cluster.api("files", path) + "?move-to=" + TestCluster.encode(moved)), "")
                .expect(200);
        assertThat(Copies.awaitAll(cluster, moved).verified()).hasSize(3);
        assertThat(http.follow(cluster.api("files", moved)).expect(200).bytes()).isEqualTo(body);
        assertThat(http.follow(cluster.urlOf("sn1")
                                .resolve(cluster.api("files", moved).getRawPath()))
                        .expect(200)
                        .bytes())
                .isEqualTo(body);
        String link = http.post(cluster.api("links", moved), "{}", "Content-Type", "application/json")
                .expect(201)
                .json()
                .getString("url");
        assertThat(Http.anonymous().follow(URI.create(link)).expect(200).bytes())
                .isEqualTo(body);
        Path back = folder.resolve("long");
        cluster.holdfast("get", moved, back.toString());
        assertThat(back).hasBinaryContent(body);
        cluster.holdfast("put", back.toString(), moved);
        for (String resource : List.of("replicas", "versions", "locks", "access")) {
            http.get(cluster.api(resource, moved)).expect(200);
        }

        String longer = moved + "/more";
        for (URI server : List.of(cluster.url(), cluster.urlOf("sn1"))) {
            RefusalsIT.assertProblem(
                    http.put(server.resolve(cluster.api("files", longer).getRawPath()), body)
                            .expect(400),
                    "invalid-name");
        }
        for (String resource : List.of("uploads", "locks")) {
            RefusalsIT.assertProblem(
                    http.post(cluster.api(resource, longer), "").expect(400), "invalid-name");
        }
        RefusalsIT.assertProblem(
                http.send("PUT", cluster.api("folders", longer), BodyPublishers.noBody())
                        .expect(400),
                "invalid-name");
        http.delete(cluster.api("files", moved)).expect(204);
    }

    @Tag("slow")
    @Test
    void hundredsPutAndGetAtOnce() {
        var waiting = Stream.iterate(0, i -> i + 1)
                .limit(300)
                .collect(Collectors.toMap(i -> i, i -> send("PUT", "admin/real/many/" + i, Bytes.random(i * 100, i))));
        waiting.forEach((i, answer) -> {
            assertThat(answer.join().statusCode()).as("put %d", i).isIn(201, 503);
            if (answer.join().statusCode() == 503) {
                // Told to come back, as where a bound is met.
                await().until(() -> send("PUT", "admin/real/many/" + i, Bytes.random(i * 100, i))
                                .join()
                                .statusCode()
                        == 201);
            }
        });
        for (int i = 0; i < 300; i++) {
            assertThat(cluster.http()
                            .follow(cluster.api("files", "admin/real/many/" + i))
                            .expect(200)
                            .bytes())
                    .as("file %d", i)
                    .isEqualTo(Bytes.random(i * 100, i));
        }
    }

    @Tag("slow")
    @Test
    void whoReadsWhileOthersWriteGetsOldOrNewBytesWhole() {
        for (int name = 0; name < 5; name++) {
            cluster.http()
                    .put(cluster.api("files", "admin/real/same/" + name), uniform(name))
                    .expect(201);
        }
        var puts = Stream.iterate(0, i -> i + 1)
                .limit(200)
                .map(i -> putInTurn("admin/real/same/" + i % 5, uniform(i)))
                .toList();
        int reads = 0;
        do {
            var answer = cluster.http()
                    .follow(cluster.api("files", "admin/real/same/" + reads % 5))
                    .expect(200);
            byte[] bytes = answer.bytes();
            assertThat(bytes).as("read %d", reads).isNotEmpty().containsOnly(bytes[0]);
            assertThat(bytes.length - 100_000).isBetween(0, 300);
            assertThat((byte) (bytes.length - 100_000)).isEqualTo(bytes[0]);
            reads++;
        } while (!puts.stream().allMatch(put -> put.isDone()) || reads < 100);
        assertThat(puts.stream().map(put -> put.join().statusCode()).distinct()).containsExactly(201);
        for (int name = 0; name < 5; name++) {
            assertThat(cluster.http()
                            .head(cluster.api("files", "admin/real/same/" + name))
                            .expect(200)
                            .requireHeader("Holdfast-Version"))
                    .isEqualTo("41");
        }
    }

    /** 100,000 + i times the byte i: a mixture of two of them shows. */
    private static byte[] uniform(int i) {
        byte[] bytes = new byte[100_000 + i];
        Arrays.fill(bytes, (byte) i);
        return bytes;
    }

    private CompletableFuture<HttpResponse<byte[]>> send(String method, String name, byte[] body) {
        return Http.client()
                .sendAsync(
                        cluster.http().request(method, cluster.api("files", name), BodyPublishers.ofByteArray(body)),
                        BodyHandlers.ofByteArray());
    }

    /** Whoever comes while another writes is refused, and comes again. */
    private CompletableFuture<HttpResponse<byte[]>> putInTurn(String name, byte[] body) {
        var soon = CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);
        return send("PUT", name, body)
                .thenCompose(answer -> answer.statusCode() == 423
                        ? CompletableFuture.supplyAsync(() -> name, soon).thenCompose(again -> putInTurn(again, body))
                        : CompletableFuture.completedFuture(answer));
    }

    /** Digests of all files below a folder by their relative path. */
    private static Map<String, String> contents(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .collect(Collectors.toMap(
                            file -> folder.relativize(file).toString(), Bytes::sha256, (a, b) -> a, TreeMap::new));
        }
    }
}
