package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the console asks the server for beside files: search, folders as zip, alarms, hints what to look at again. */
@Order(65)
@SharedCluster.Of(SharedCluster.Kind.TOUGH)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleApiIT {
    private static final int BIG_BYTES = 40_000_000;

    private final TestCluster cluster;
    private final Http http;
    private final ExecutorService readers = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "reader of hints");
        thread.setDaemon(true);
        return thread;
    });

    @TempDir
    Path folder;

    ConsoleApiIT(TestCluster cluster) {
        this.cluster = cluster;
        this.http = cluster.http();
    }

    @AfterAll
    void stop() {
        readers.shutdownNow();
    }

    private void put(String address, byte[] bytes) {
        http.put(cluster.api("files", address), bytes).expect(201);
    }

    private Http user(String name) {
        http.post(
                        cluster.api("users"),
                        "{\"name\":\"" + name + "\",\"password\":\"" + name
                                + " has a password\",\"mustSetPassword\":false}",
                        "Content-Type",
                        "application/json")
                .expect(201);
        return Http.signedInAs(name, name + " has a password");
    }

    private List<String> paths(Http caller, String query) {
        return caller.get(cluster.api("search?" + query)).expect(200).json().getJsonArray("entries").stream()
                .map(JsonValue::asJsonObject)
                .map(entry -> entry.getString("path"))
                .toList();
    }

    @Test
    void namesAreFoundByAPart() {
        put("admin/found/Großer Kelp.txt", "Hello, kelp.".getBytes(UTF_8));
        put("admin/found/other.txt", new byte[1]);
        assertThat(paths(http, "namespace=admin&name=GROSSER")).isEmpty();
        assertThat(paths(http, "namespace=admin&name=gro%C3%9FER%20k")).containsExactly("found/Großer Kelp.txt");
        JsonObject found = http.get(cluster.api("search?namespace=admin&name=found&limit=1"))
                .expect(200)
                .json();
        assertThat(found.getBoolean("truncated")).isFalse();
        assertThat(found.getJsonArray("entries").getJsonObject(0).getString("type"))
                .isEqualTo("folder");
        http.get(cluster.api("search?namespace=admin")).expect(400);
        user("searcher").get(cluster.api("search?namespace=admin&name=kelp")).expect(404);
    }

    @Test
    void aFolderComesAsAZip() throws IOException {
        byte[] large = Bytes.random(20_000_000, 7);
        put("admin/zipped/ü \ud83d\ude00.txt", "Hello, kelp.".getBytes(UTF_8));
        put("admin/zipped/below/large.bin", large);
        http.send("PUT", cluster.api("folders", "admin/zipped/empty"), BodyPublishers.noBody())
                .expect(201);
        var answer = http.get(cluster.api("archives", "admin/zipped")).expect(200);
        assertThat(answer.requireHeader("Content-Type")).isEqualTo("application/zip");
        assertThat(answer.requireHeader("Content-Disposition")).startsWith("attachment; filename=\"zipped.zip\"");
        try (var zip = new ZipFile(
                Files.write(folder.resolve("zipped.zip"), answer.bytes()).toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactlyInAnyOrder(
                            "zipped/",
                            "zipped/below/",
                            "zipped/below/large.bin",
                            "zipped/empty/",
                            "zipped/ü \ud83d\ude00.txt");
            assertThat(zip.getInputStream(zip.getEntry("zipped/below/large.bin"))
                            .readAllBytes())
                    .isEqualTo(large);
            assertThat(zip.getInputStream(zip.getEntry("zipped/ü \ud83d\ude00.txt"))
                            .readAllBytes())
                    .asString(UTF_8)
                    .isEqualTo("Hello, kelp.");
        }
        http.get(cluster.api("archives", "admin/nowhere")).expect(404);
        user("packer").get(cluster.api("archives", "admin/zipped")).expect(404);
    }

    @Tag("slow")
    @Test
    void anArchiveIsCutWhereAFileCanNotBeRead() throws IOException {
        http.post(cluster.api("namespaces"), "{\"name\":\"single\",\"replicas\":0}", "Content-Type", "application/json")
                .expect(201);
        http.put(cluster.api("files", "single/big.bin"), Bytes.random(BIG_BYTES, 8))
                .expect(201);
        String holder = http.get(cluster.api("replicas", "single/big.bin"))
                .expect(200)
                .json()
                .getString("origin");
        long pid = cluster.component(holder).pid();
        var request = http.request("GET", cluster.api("archives", "single"), BodyPublishers.noBody());
        HttpResponse<InputStream> answer = Http.exchange(request, BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        try (InputStream body = answer.body()) {
            assertThat(body.readNBytes(100_000)).hasSize(100_000);
            TestCluster.kill(pid);
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        } finally {
            cluster.heal();
        }
        assertThat(http.get(cluster.api("archives", "single")).expect(200).bytes())
                .hasSizeGreaterThan(BIG_BYTES);
        http.delete(cluster.api("files", "single/big.bin")).expect(204);
    }

    /** What one stream tells, line by line. */
    private final class Hints implements AutoCloseable {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Stream<String> body;
        private final CompletableFuture<Void> ended;

        Hints(Http caller, URI master) {
            try {
                // A client of its own: the connection is closed with the stream.
                var client = HttpClient.newBuilder()
                        .sslContext(Trust.context())
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                var request = caller.request("GET", master.resolve("/api/v1/stream"), BodyPublishers.noBody());
                HttpResponse<Stream<String>> answer = client.send(
                        HttpRequest.newBuilder(request, (name, value) -> true)
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        BodyHandlers.ofLines());
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                        .startsWith("text/event-stream");
                body = answer.body();
                ended = CompletableFuture.runAsync(() -> body.forEach(lines::add), readers);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            await().until(() -> lines.stream().anyMatch(line -> line.startsWith(":")));
        }

        long count(String topic) {
            return lines.stream().filter(("event: " + topic)::equals).count();
        }

        void awaitMore(String topic, long than) {
            await().until(() -> count(topic) > than);
        }

        @Override
        public void close() {
            body.close();
        }
    }

    private Http session(Http caller) {
        String token =
                caller.post(cluster.api("session"), "").expect(201).json().getString("token");
        return Http.authorizedBy("Bearer " + token);
    }

    @Test
    void whatOneMasterWritesIsHintedAtByAll() {
        Http session = session(http);
        for (URI master : cluster.masters().values()) {
            long began = System.nanoTime();
            try (var hints = new Hints(session, master)) {
                for (int i = 0; i < 10; i++) {
                    put("admin/hints/" + master.getPort() + " " + i, new byte[10]);
                }
                hints.awaitMore("files", 0);
                hints.awaitMore("tasks", 0);
                hints.awaitMore("cluster", 0);
                long told = hints.count("files");
                long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
                assertThat(told).as("at most one a second").isLessThanOrEqualTo(seconds + 1);
                assertThat(hints.lines).contains("data: {\"changed\":\"files\"}");
            }
        }
    }

    @Test
    void othersHearOfNothingThatIsNotTheirs() {
        Http olga = session(user("olga"));
        try (var hints = new Hints(olga, cluster.url())) {
            put("admin/hints/secret", new byte[10]);
            hints.awaitMore("cluster", 0);
            olga.put(cluster.api("files", "olga/own"), new byte[10]).expect(201);
            hints.awaitMore("files", 0);
            assertThat(hints.count("files")).as("of her own put only").isEqualTo(1);
            assertThat(hints.count("tasks") + hints.count("alarms")).isZero();
        }
    }

    @Test
    void aStreamEndsWithItsSession() {
        Http quirin = user("quirin");
        Http session = session(quirin);
        try (var hints = new Hints(session, cluster.url())) {
            session.delete(cluster.api("session")).expect(204);
            quirin.put(cluster.api("files", "quirin/after"), new byte[10]).expect(201);
            await().until(hints.ended::isDone);
            assertThat(hints.ended).as("as a whole answer").isCompleted();
            assertThat(hints.count("files")).isZero();
        }
        session.get(cluster.api("stream")).expect(401);
    }

    @Tag("slow")
    @Test
    void streamsEndWellWhenTheirMasterStops() {
        URI m2 = cluster.urlOf("m2");
        Http session = session(http);
        try (var plain = new Hints(session, m2)) {
            cluster.node("stop", "m2");
            await().until(plain.ended::isDone);
            assertThat(plain.ended).isCompleted();
        } finally {
            cluster.heal();
        }
    }

    @Tag("slow")
    @Test
    void aNodeThatIsKilledIsHintedAtAndBecomesAnAlarm() {
        user("rudi").get(cluster.api("alarms")).expect(403);
        try (var hints = new Hints(session(http), cluster.url())) {
            long nodes = hints.count("nodes");
            cluster.kill("sn4");
            hints.awaitMore("nodes", nodes);
            await().untilAsserted(() -> assertThat(alarms()).containsEntry("sn4", "node-down"));
            hints.awaitMore("alarms", 0);
        } finally {
            cluster.heal();
        }
        await().untilAsserted(() -> assertThat(alarms()).doesNotContainKey("sn4"));
    }

    /** Codes by subject. */
    private Map<String, String> alarms() {
        return http.get(cluster.api("alarms")).expect(200).json().getJsonArray("alarms").stream()
                .map(JsonValue::asJsonObject)
                .collect(Collectors.toMap(
                        alarm -> alarm.getString("subject"), alarm -> alarm.getString("code"), (one, other) -> other));
    }

    @Test
    void samplesTellHowMuchClientsPutAndGot() {
        put("admin/rates/a", new byte[100_000]);
        http.follow(cluster.api("files", "admin/rates/a")).expect(200);
        await().untilAsserted(() -> {
            assertThat(highest("putBytesPerSecond")).isPositive();
            assertThat(highest("putsPerSecond")).isPositive();
            assertThat(highest("getBytesPerSecond")).isPositive();
            assertThat(highest("getsPerSecond")).isPositive();
        });
    }

    private double highest(String rate) {
        return cluster.nodeStates().keySet().stream()
                .flatMap(
                        node -> http
                                .get(cluster.api("nodes/" + node + "/samples"))
                                .expect(200)
                                .json()
                                .getJsonArray("samples")
                                .stream())
                .map(JsonValue::asJsonObject)
                .filter(sample -> sample.containsKey(rate))
                .mapToDouble(sample -> sample.getJsonNumber(rate).doubleValue())
                .max()
                .orElse(0);
    }
}
