package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** How bytes come in, and what refuses them without a trace. */
@Order(3)
@SharedCluster.Of
class PutIT {
    private static final byte[] OLD = "old".getBytes(UTF_8);
    private static final byte[] NEW = "newer".getBytes(UTF_8);

    private final TestCluster cluster;
    private final Http http;

    PutIT(TestCluster cluster) {
        this.cluster = cluster;
        http = cluster.http();
    }

    @Test
    void aTakenNameIsReplacedRenamedOrRefusedAsAsked() {
        URI file = cluster.api("files", "admin/put/taken.txt");
        assertThat(http.put(file, OLD).expect(201).json().getInt("version")).isEqualTo(1);

        var replaced =
                http.put(with(file, "on-conflict=replace"), NEW).expect(201).json();
        assertThat(replaced.getInt("version")).isEqualTo(2);
        assertThat(replaced.getInt("olderVersions")).isOne();
        assertThat(http.follow(file).expect(200).bytes()).isEqualTo(NEW);

        var renamed = http.put(with(file, "on-conflict=rename"), OLD).expect(201);
        String other = renamed.json().getString("path");
        assertThat(renamed.json().getBoolean("renamed")).isTrue();
        assertThat(other).startsWith("put/taken").isNotEqualTo("put/taken.txt");
        assertThat(renamed.requireHeader("Content-Location")).endsWith(TestCluster.encode(other));
        assertThat(http.follow(cluster.api("files", "admin/" + other))
                        .expect(200)
                        .bytes())
                .isEqualTo(OLD);
        assertThat(http.follow(file).bytes()).isEqualTo(NEW);

        var refused = http.put(with(file, "on-conflict=fail"), OLD).expect(409);
        assertThat(refused.json().getString("code")).isEqualTo("conflict");
        assertThat(http.follow(file).bytes()).isEqualTo(NEW);
    }

    @Test
    void aFilesOwnTimeComesBackAndACodingThatWouldNotIsRefused() {
        String time = "2001-09-09T01:46:40Z";
        for (URI master : List.of(cluster.url(), cluster.urlOf("sn1"))) {
            http.put(master.resolve("/api/v1/files/admin/put/dated"), OLD, "Holdfast-Modified", time)
                    .expect(201);
            URI file = cluster.api("files", "admin/put/dated");
            assertThat(http.get(file).expect(307).requireHeader("Holdfast-Modified"))
                    .isEqualTo(time);
            var answer = http.follow(file).expect(200);
            assertThat(answer.requireHeader("Holdfast-Modified")).isEqualTo(time);
            assertThat(answer.requireHeader("Last-Modified")).doesNotContain("2001");
            http.delete(file).expect(204);
            assertThat(http.put(master.resolve("/api/v1/files/admin/put/packed"), OLD, "Content-Encoding", "gzip")
                            .expect(415)
                            .json()
                            .getString("code"))
                    .isEqualTo("content-encoding");
        }
    }

    @Test
    void conditionsProtectWhatOthersWrote() {
        URI file = cluster.api("files", "admin/put/conditions.txt");
        http.put(file, OLD, "If-Match", "\"" + Bytes.sha256(OLD) + "\"").expect(412);
        String etag = http.put(file, OLD, "If-None-Match", "*").expect(201).requireHeader("ETag");
        assertThat(etag).isEqualTo("\"" + Bytes.sha256(OLD) + "\"");
        http.put(file, NEW, "If-None-Match", "*").expect(412);
        http.put(file, NEW, "If-Match", "\"" + Bytes.sha256(NEW) + "\"").expect(412);
        assertThat(http.follow(file).bytes()).isEqualTo(OLD);
        http.put(file, NEW, "If-Match", etag).expect(201);
        http.delete(file, "If-Match", etag).expect(412);
        assertThat(http.follow(file).bytes()).isEqualTo(NEW);
        http.delete(file, "If-Match", "\"" + Bytes.sha256(NEW) + "\"").expect(204);
        http.get(file).expect(404);
    }

    @Test
    void wrongDigestsAreRefusedInOneStepAndInTwo() {
        String wrongMd5 = base64(Bytes.digest("MD5", OLD));
        String wrongSha = "sha-256=:" + base64(Bytes.sha256(OLD)) + ":";
        for (var header : List.of(List.of("Content-MD5", wrongMd5), List.of("Repr-Digest", wrongSha))) {
            String name = "admin/put/wrong-" + header.get(0);
            var answer = http.put(cluster.api("files", name), NEW, header.get(0), header.get(1))
                    .expect(422);
            assertThat(answer.json().getString("code")).isEqualTo("digest-mismatch");
            http.get(cluster.api("files", name)).expect(404);

            var upload = http.post(cluster.api("uploads", name), "", header.get(0), header.get(1))
                    .expect(201);
            Http.anonymous()
                    .put(URI.create(upload.requireHeader("Location")), NEW)
                    .expect(422);
            http.get(cluster.api("files", name)).expect(404);
            BlobFiles.awaitNoTraceOf(cluster, upload.json().getString("blob"));
        }
    }

    @Test
    void aBodyThatEndsEarlyLeavesNothingBehind() {
        String name = "admin/put/short.bin";
        var upload = http.post(cluster.api("uploads", name), "").expect(201);
        URI url = URI.create(upload.requireHeader("Location"));
        String answer = RawHttp.send(
                url,
                "PUT " + url.getRawPath() + "?" + url.getRawQuery() + " HTTP/1.1\r\nContent-Length: 100000",
                Bytes.random(60_000, 1));
        assertThat(answer.isEmpty() ? 400 : RawHttp.status(answer)).isBetween(400, 499);
        RawHttp.abandon(
                cluster.url(),
                "PUT /api/v1/files/" + name + " HTTP/1.1\r\nContent-Length: 900000\r\nAuthorization: Basic "
                        + Base64.getEncoder().encodeToString(("admin:" + cluster.password()).getBytes(UTF_8)),
                Bytes.random(600_000, 2));

        BlobFiles.awaitNoTraceOf(cluster, upload.json().getString("blob"));
        http.get(cluster.api("files", name)).expect(404);
    }

    @Test
    void moreOrFewerBytesThanToldAreRefused() {
        for (int told : List.of(4, 6)) {
            var upload = http.post(with(cluster.api("uploads", "admin/put/told.bin"), "size=" + told), "")
                    .expect(201);
            int status = Http.anonymous()
                    .put(URI.create(upload.requireHeader("Location")), NEW)
                    .status();
            assertThat(status).as("5 bytes where %d were told", told).isIn(400, 413);
            http.get(cluster.api("files", "admin/put/told.bin")).expect(404);
            BlobFiles.awaitNoTraceOf(cluster, upload.json().getString("blob"));
        }
    }

    @Test
    void moreDigestsAreComputedForWhoAsks() {
        URI file = cluster.api("files", "admin/put/digests.bin");
        var answer =
                http.put(file, NEW, "Want-Repr-Digest", "sha=1, sha3-256=1").expect(201);
        var digests = answer.json().getJsonObject("digests").values().toString();
        assertThat(digests)
                .contains(
                        Bytes.digest("MD5", NEW),
                        Bytes.sha256(NEW),
                        Bytes.digest("SHA-1", NEW),
                        Bytes.digest("SHA3-256", NEW));
        assertThat(http.head(file).expect(200).requireHeader("Repr-Digest"))
                .contains("sha-256=:" + base64(Bytes.sha256(NEW)) + ":")
                .contains("sha3-256=:" + base64(Bytes.digest("SHA3-256", NEW)) + ":");
    }

    @Test
    void theClientChoosesAnotherNodeByExcludingOne() {
        Set<String> seen = new HashSet<>();
        List<String> excluded = new ArrayList<>();
        while (seen.size() < 3) {
            var upload = http.post(
                            with(
                                    cluster.api("uploads", "admin/put/excluded.bin"),
                                    "exclude=" + String.join(",", excluded)),
                            "")
                    .expect(201)
                    .json();
            assertThat(seen).doesNotContain(upload.getString("node"));
            seen.add(upload.getString("node"));
            excluded.add(upload.getString("node"));
        }
        assertThat(seen).containsExactlyInAnyOrder("sn1", "sn2", "sn3");
        assertThat(http.post(
                                with(
                                        cluster.api("uploads", "admin/put/excluded.bin"),
                                        "exclude=" + String.join(",", excluded)),
                                "")
                        .expect(503)
                        .json()
                        .getString("code"))
                .isEqualTo("unavailable");
    }

    @Test
    void byHashAFilesNodeFollowsFromItsNameAndByChanceItDoesNot() {
        namespace("by-hash", "hash", 0);
        Set<String> origins = new HashSet<>();
        for (int file = 0; file < 12; file++) {
            String name = "by-hash/file-" + file;
            http.put(cluster.api("files", name), OLD).expect(201);
            String origin = Copies.of(cluster, name).origin();
            http.put(cluster.api("files", name), NEW).expect(201);
            assertThat(Copies.of(cluster, name).origin()).as(name).isEqualTo(origin);
            origins.add(origin);
        }
        assertThat(origins).hasSizeGreaterThan(1);

        namespace("by-chance", "random", 0);
        Set<String> chosen = new HashSet<>();
        // That 30 draws out of three are all the same has a chance of 1 in 3^29.
        for (int draw = 0; draw < 30; draw++) {
            // As tries of one put: others would wait for its lock.
            chosen.add(http.post(cluster.api("uploads", "by-chance/same-name"), "", "Holdfast-Writer", "one")
                    .expect(201)
                    .json()
                    .getString("node"));
        }
        assertThat(chosen).hasSizeGreaterThan(1);
    }

    @Test
    void anyStorageNodeTakesAFileAndBecomesItsOrigin() {
        for (String node : List.of("sn1", "sn2", "sn3")) {
            String name = "admin/put/straight at " + node;
            var answer = http.put(cluster.urlOf(node).resolve("/api/v1/files/" + TestCluster.encode(name)), NEW)
                    .expect(201);
            assertThat(answer.json().getString("path")).isEqualTo("put/straight at " + node);
            assertThat(Copies.of(cluster, name).origin()).isEqualTo(node);
        }
        Http.anonymous()
                .put(cluster.urlOf("sn1").resolve("/api/v1/files/admin/put/stranger"), NEW)
                .expect(401);
    }

    @Test
    void aPromiseThatCannotBeKeptIsRefused() {
        URI file = cluster.api("files", "admin/put/durable.bin");
        assertThat(http.put(file, NEW).expect(201).json().getInt("durableCopies"))
                .isEqualTo(1);
        assertThat(http.put(with(file, "durability=4"), OLD).expect(400).json().getString("detail"))
                .contains("from 1 to 3");
        assertThat(http.follow(file).expect(200).bytes()).isEqualTo(NEW);
    }

    @Test
    void aBodyOfUnknownLengthIsTaken() {
        byte[] body = Bytes.random(3_000_000, 4);
        URI file = cluster.api("files", "admin/put/chunked.bin");
        var chunked = BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body));
        assertThat(http.send("PUT", file, chunked).expect(201).json().getInt("size"))
                .isEqualTo(3_000_000);
        assertThat(http.follow(file).expect(200).bytes()).isEqualTo(body);
    }

    private void namespace(String name, String placement, int replicas) {
        http.post(
                        cluster.api("namespaces"),
                        "{\"name\":\"" + name + "\",\"placement\":\"" + placement + "\",\"replicas\":" + replicas + "}",
                        "Content-Type",
                        "application/json")
                .expect(201);
    }

    /** No stage of any node knows that blob, and nothing is half received. */
    private static URI with(URI uri, String query) {
        return URI.create(uri + "?" + query);
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }
}
