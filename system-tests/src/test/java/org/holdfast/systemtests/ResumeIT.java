package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Puts of large files over lines that break: the next try goes on where the one before was. */
@Order(5)
@SharedCluster.Of
class ResumeIT {
    private static final int SIZE = 6_000_000;
    private static final int SENT = 4_000_000;
    private static final int LEAST_KEPT = 1 << 20;
    private static final byte[] CONTENT = Bytes.random(SIZE, 5);
    private static final String WRITER = "Holdfast-Writer";
    private static final List<String> NODES = List.of("sn1", "sn2", "sn3");

    private final TestCluster cluster;
    private final Http http;

    ResumeIT(TestCluster cluster) {
        this.cluster = cluster;
        http = cluster.http();
    }

    /** Where to put the bytes of a file, as one try asks for it. */
    private Http.Answer ask(String name, String writer, String more) {
        URI uri = URI.create(cluster.api("uploads", name) + "?size=" + SIZE + more);
        return http.post(uri, "", WRITER, writer).expect(201);
    }

    private static URI url(Http.Answer asked) {
        return URI.create(asked.requireHeader("Location"));
    }

    private static String head(URI url, String writer) {
        return "PUT " + url.getRawPath() + "?" + url.getRawQuery() + " HTTP/1.1\r\nContent-Length: " + SIZE + "\r\n"
                + WRITER + ": " + writer;
    }

    private static int here(URI url, String writer) {
        return Integer.parseInt(
                Http.anonymous().head(url, WRITER, writer).expect(204).requireHeader("Upload-Offset"));
    }

    private static Http.Answer rest(URI url, String writer, int from) {
        return Http.anonymous()
                .put(
                        url,
                        Arrays.copyOfRange(CONTENT, from, SIZE),
                        WRITER,
                        writer,
                        "Content-Range",
                        "bytes " + from + "-" + (SIZE - 1) + "/" + SIZE);
    }

    private static void assertRefused(Http.Answer answer, int status, String code) {
        assertThat(answer.expect(status).json().getString("code")).isEqualTo(code);
    }

    @Test
    void aPutGoesOnBehindWhatHadArrivedWhenItsLineBroke() throws IOException {
        String name = "admin/resume/broken.bin";
        var first = ask(name, "w1", "");
        Path begun = folder(first, "begun");
        long before = bytesIn(begun);
        begin(first, "w1").close();
        await().until(() -> bytesIn(begun) > before);
        http.get(cluster.api("files", name)).expect(404);

        URI again = url(ask(name, "w1", "&node=" + first.requireHeader("Holdfast-Node")));
        int there = here(again, "w1");
        assertThat(there).isBetween(LEAST_KEPT, SENT);
        assertThat(here(again, "another")).isZero();
        assertRefused(rest(again, "w1", there - 1), 409, "wrong-offset");
        assertRefused(rest(again, "another", there), 409, "wrong-offset");
        rest(again, "w1", there).expect(201);

        assertThat(http.follow(cluster.api("files", name)).expect(200).bytes()).isEqualTo(CONTENT);
        Copies.awaitAll(cluster, name);
        assertThat(here(again, "w1")).isZero();
    }

    @Test
    void aLaterTryEndsTheEarlierOneWhoseLineHangs() throws IOException {
        String name = "admin/resume/hanging.bin";
        var first = ask(name, "w2", "");
        try (var hanging = begin(first, "w2")) {
            assertThat(hanging.isClosed()).isFalse();
            URI again = url(ask(name, "w2", "&node=" + first.requireHeader("Holdfast-Node")));
            int begun = here(again, "w2");
            assertThat(begun).isBetween(LEAST_KEPT, SENT);
            rest(again, "w2", begun).expect(201);
        }
        assertThat(http.follow(cluster.api("files", name)).expect(200).bytes()).isEqualTo(CONTENT);
    }

    /** Each node has its part of the quota, so that many broken puts keep no more than one whole file would. */
    @Test
    void brokenPutsKeepNoMoreThanTheQuotaHasRoomFor() throws IOException {
        long quotaBytes = SIZE + 1_000_000;
        http.post(
                        cluster.api("namespaces"),
                        "{\"name\":\"narrow\",\"replicas\":1,\"quotaBytes\":" + quotaBytes + "}",
                        "Content-Type",
                        "application/json")
                .expect(201);
        long before = begunBytes();
        for (String node : NODES) {
            for (String writer : List.of("n1", "n2", "n3")) {
                String name = "narrow/" + node + "/" + writer;
                var asked = ask(name, writer, "&node=" + node);
                begin(asked, writer).close();
                Path incoming = folder(asked, "incoming");
                await().until(() -> bytesIn(incoming) == 0);
            }
        }
        assertThat(begunBytes() - before).isBetween((long) LEAST_KEPT, quotaBytes);

        String name = "narrow/" + NODES.get(0) + "/n3";
        URI again = url(ask(name, "n3", "&node=" + NODES.get(0)));
        int there = here(again, "n3");
        assertThat(there).isBetween(LEAST_KEPT, SENT);
        rest(again, "n3", there).expect(201);
        assertThat(http.follow(cluster.api("files", name)).expect(200).bytes()).isEqualTo(CONTENT);
    }

    private long begunBytes() throws IOException {
        long bytes = 0;
        for (String node : NODES) {
            bytes += bytesIn(cluster.data().resolve("nodes").resolve(node).resolve("begun"));
        }
        return bytes;
    }

    /** A line on which part of the file has come to the node: what is on its way when a line breaks is lost. */
    private Socket begin(Http.Answer asked, String writer) throws IOException {
        Path incoming = folder(asked, "incoming");
        Socket line = RawHttp.begin(url(asked), head(url(asked), writer), Arrays.copyOf(CONTENT, SENT));
        await().ignoreExceptions().until(() -> bytesIn(incoming) > 2 * LEAST_KEPT);
        return line;
    }

    /** Of the node that a try was sent to. */
    private Path folder(Http.Answer asked, String name) {
        return cluster.data()
                .resolve("nodes")
                .resolve(asked.requireHeader("Holdfast-Node"))
                .resolve(name);
    }

    private static long bytesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    void whatIsNotTheRestIsRefused() {
        URI url = url(ask("admin/resume/wrong.bin", "w3", ""));
        byte[] part = Arrays.copyOf(CONTENT, 10);
        for (String range :
                new String[] {"bytes 0-9/10", "bytes 0-9/" + SIZE, "bytes */" + SIZE, "what", "bytes 9-0/1"}) {
            assertRefused(
                    Http.anonymous().put(url, part, WRITER, "w3", "Content-Range", range), 400, "invalid-parameter");
        }
        assertRefused(
                http.put(cluster.api("files", "admin/resume/wrong.bin"), part, "Content-Range", "bytes 0-9/20"),
                400,
                "invalid-parameter");
        http.get(cluster.api("files", "admin/resume/wrong.bin")).expect(404);
    }

    @Test
    void pagesOfOthersMayUseATicketThatTheyHaveAndNothingElse() {
        URI url = url(ask("admin/resume/page.bin", "w4", ""));
        Http nobody = Http.anonymous();
        var allowed = nobody.send("OPTIONS", url, BodyPublishers.noBody()).expect(204);
        assertThat(allowed.requireHeader("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(allowed.requireHeader("Access-Control-Allow-Methods")).isEqualTo("PUT, HEAD");
        assertThat(allowed.requireHeader("Access-Control-Allow-Headers")).contains("Content-Range", WRITER);
        URI without = URI.create(url.toString().replaceAll("\\?.*", ""));
        assertThat(nobody.send("OPTIONS", without, BodyPublishers.noBody())
                        .expect(403)
                        .header("Access-Control-Allow-Origin"))
                .isEmpty();
        assertThat(nobody.put(url, new byte[1], "Content-Range", "bytes 0-0/1")
                        .expect(400)
                        .requireHeader("Access-Control-Allow-Origin"))
                .isEqualTo("*");
        URI other = url.resolve("/api/v1/files/admin/resume/page.bin");
        assertThat(nobody.send("OPTIONS", other, BodyPublishers.noBody()).header("Access-Control-Allow-Origin"))
                .isEmpty();
    }
}
