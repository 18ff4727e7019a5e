package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** How bytes go out: redirects, ranges, conditions, digests. */
@Order(4)
@SharedCluster.Of
class GetIT {
    private static final String NAME = "admin/get/Bericht „März“ 100%.pdf";
    private static final byte[] BODY = Bytes.random(1_000_000, 11);
    private static final String ETAG = "\"" + Bytes.sha256(BODY) + "\"";

    private final TestCluster cluster;
    private final Http http;
    private final URI file;
    private URI atNode = URI.create("");

    GetIT(TestCluster cluster) {
        this.cluster = cluster;
        http = cluster.http();
        file = cluster.api("files", NAME);
    }

    @BeforeEach
    void thereIsAFileWithAllItsCopies() {
        if (http.head(file).status() == 404) {
            http.put(file, BODY, "Content-Type", "application/pdf").expect(201);
        }
        Copies.awaitAll(cluster, NAME);
        atNode = URI.create(http.get(file).expect(307).requireHeader("Location"));
    }

    @Test
    void theMasterLeadsToTheFirstHolderAndNamesTheOthersByPriority() {
        var copies = Copies.of(cluster, NAME);
        var answer = http.get(file).expect(307);
        assertThat(answer.requireHeader("Location")).startsWith(cluster.urlOf(copies.origin()) + "/blobs/");
        assertThat(answer.requireHeader("ETag")).isEqualTo(ETAG);
        var links = answer.response().headers().allValues("Link");
        assertThat(links).hasSize(2).allSatisfy(link -> assertThat(link).contains("rel=\"duplicate\"", "pri="));
        for (int priority = 1; priority < 3; priority++) {
            String url = cluster.urlOf(copies.all().get(priority).node()).toString();
            assertThat(links.get(priority - 1)).startsWith("<" + url + "/blobs/");
        }
        assertThat(answer.bytes()).hasSizeLessThan(1_000);
    }

    @Test
    void whoCantBeRedirectedIsToldWhereTheBytesAre() {
        var urls = http.get(URI.create(file + "?noredirect=true"))
                .expect(200)
                .json()
                .getJsonArray("urls");
        assertThat(urls).hasSize(3);
        for (int index = 0; index < urls.size(); index++) {
            var answer = Http.anonymous().get(URI.create(urls.getString(index))).expect(200);
            assertThat(answer.bytes()).isEqualTo(BODY);
        }
    }

    @Test
    void theNodeTellsWhatItSends() {
        var answer = Http.anonymous().get(atNode).expect(200);
        assertThat(answer.bytes()).isEqualTo(BODY);
        assertThat(answer.requireHeader("Content-Length")).isEqualTo("1000000");
        assertThat(answer.requireHeader("Content-Type")).isEqualTo("application/pdf");
        assertThat(answer.requireHeader("ETag")).isEqualTo(ETAG);
        assertThat(answer.requireHeader("Content-MD5")).isEqualTo(base64(Bytes.digest("MD5", BODY)));
        assertThat(answer.requireHeader("Repr-Digest")).contains("sha-256=:" + base64(Bytes.sha256(BODY)) + ":");
        assertThat(answer.requireHeader("Accept-Ranges")).isEqualTo("bytes");
        assertThat(answer.requireHeader("Content-Disposition"))
                .contains("filename*=UTF-8''Bericht%20%E2%80%9EM%C3%A4rz%E2%80%9C%20100%25.pdf");
    }

    @Test
    void headTellsTheSameWithoutTheBytes() {
        var master = http.head(file).expect(200);
        var node = Http.anonymous().head(atNode).expect(200);
        for (var header :
                List.of("Content-Length", "Content-Type", "ETag", "Content-MD5", "Accept-Ranges", "Last-Modified")) {
            assertThat(master.requireHeader(header)).as(header).isEqualTo(node.requireHeader(header));
        }
        assertThat(master.requireHeader("Content-Length")).isEqualTo("1000000");
        assertThat(master.requireHeader("Repr-Digest")).contains(base64(Bytes.sha256(BODY)));
        assertThat(master.requireHeader("Holdfast-Version")).isEqualTo("1");
        assertThat(master.requireHeader("Last-Modified")).matches("\\w{3}, \\d\\d \\w{3} \\d{4} [\\d:]{8} GMT");
        assertThat(master.bytes()).isEmpty();
        assertThat(node.bytes()).isEmpty();
    }

    @Test
    void rangesAreServedAndImpossibleOnesRefused() {
        assertRange("bytes=0-0", 0, 1);
        assertRange("bytes=1000-1999", 1_000, 2_000);
        assertRange("bytes=999990-", 999_990, 1_000_000);
        assertRange("bytes=-7", 999_993, 1_000_000);
        assertRange("bytes=999990-5000000", 999_990, 1_000_000);
        var beyond = Http.anonymous().get(atNode, "Range", "bytes=1000000-").expect(416);
        assertThat(beyond.requireHeader("Content-Range")).isEqualTo("bytes */1000000");
        // What is no range is ignored (RFC 9110, section 14.2).
        assertThat(Http.anonymous()
                        .get(atNode, "Range", "lines=1-2")
                        .expect(200)
                        .bytes())
                .hasSize(1_000_000);
        assertThat(Http.anonymous().get(atNode, "Range", "bytes=9-2").status()).isIn(200, 416);
    }

    @Test
    void severalRangesComeInOneMultipartAnswer() {
        var answer = Http.anonymous()
                .get(atNode, "Range", "bytes=10-19, 500000-500099, -5")
                .expect(206);
        String type = answer.requireHeader("Content-Type");
        assertThat(type).startsWith("multipart/byteranges");
        String boundary = type.substring(type.indexOf("boundary=") + 9).replace("\"", "");
        String body = new String(answer.bytes(), ISO_8859_1);
        assertThat(body)
                .contains(
                        "Content-Range: bytes 10-19/1000000",
                        "Content-Range: bytes 500000-500099/1000000",
                        "Content-Range: bytes 999995-999999/1000000",
                        "\r\n\r\n" + text(10, 20) + "\r\n--" + boundary,
                        "\r\n\r\n" + text(500_000, 500_100) + "\r\n--" + boundary,
                        "\r\n\r\n" + text(999_995, 1_000_000) + "\r\n--" + boundary + "--");
        assertThat(answer.requireHeader("Content-Length")).isEqualTo(Integer.toString(answer.bytes().length));
    }

    @Test
    void conditionsSaveTheTransfer() {
        http.get(file, "If-None-Match", ETAG).expect(304);
        http.get(file, "If-None-Match", "\"other\", " + ETAG).expect(304);
        http.get(file, "If-None-Match", "\"other\"").expect(307);
        var anyone = Http.anonymous();
        anyone.get(atNode, "If-None-Match", ETAG).expect(304);
        anyone.get(atNode, "If-Match", ETAG).expect(200);
        anyone.get(atNode, "If-Match", "\"other\"").expect(412);
        anyone.get(atNode, "Range", "bytes=0-9", "If-Range", ETAG).expect(206);
        assertThat(anyone.get(atNode, "Range", "bytes=0-9", "If-Range", "\"other\"")
                        .expect(200)
                        .bytes())
                .hasSize(1_000_000);
    }

    @Test
    void askingANodeThatLacksTheFileLeadsToOneThatHasIt() {
        new StoredFiles(cluster).namespace("single", 0);
        byte[] body = "only here".getBytes(UTF_8);
        http.put(cluster.api("files", "single/one"), body).expect(201);
        String origin = Copies.of(cluster, "single/one").origin();
        for (String node : List.of("sn1", "sn2", "sn3")) {
            URI there = cluster.urlOf(node).resolve("/api/v1/files/single/one");
            var answer = http.get(there).expect(node.equals(origin) ? 200 : 307);
            assertThat(http.follow(there).expect(200).bytes()).as(node).isEqualTo(body);
            if (!node.equals(origin)) {
                assertThat(answer.requireHeader("Location")).startsWith(cluster.urlOf(origin) + "/blobs/");
            }
        }
        http.get(cluster.urlOf("sn1").resolve("/api/v1/files/single/absent")).expect(404);
        Http.anonymous()
                .get(cluster.urlOf("sn1").resolve("/api/v1/files/single/one"))
                .expect(401);
    }

    private void assertRange(String range, int from, int to) {
        var answer = Http.anonymous().get(atNode, "Range", range).expect(206);
        assertThat(answer.bytes()).as(range).isEqualTo(Arrays.copyOfRange(BODY, from, to));
        assertThat(answer.requireHeader("Content-Range")).isEqualTo("bytes " + from + "-" + (to - 1) + "/1000000");
        assertThat(http.follow(file, "Range", range).expect(206).bytes()).isEqualTo(answer.bytes());
    }

    private static String text(int from, int to) {
        return new String(Arrays.copyOfRange(BODY, from, to), ISO_8859_1);
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }
}
