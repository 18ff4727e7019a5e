package org.holdfast.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.Digests;
import org.holdfast.contract.NodeReport;
import org.holdfast.contract.Ping;
import org.holdfast.contract.SignedCall;
import org.holdfast.contract.Ticket;
import org.holdfast.storage.cluster.FakeMaster;
import org.holdfast.storage.cluster.FakeMaster.Prepared;
import org.holdfast.storage.cluster.FakePartner;
import org.holdfast.storage.store.Samples;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The real WAR on a real Payara Micro, with a master that is played over real HTTP. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class StorageNodeIT {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final AtomicLong TOKENS = new AtomicLong();
    private static final FakeMaster MASTER = new FakeMaster(Samples.KEYS, CLOCK);
    private static final Path DATA = Samples.freshFolder();
    private static final byte[] BODY = Samples.bytes("0123456789abcdefghijklmnopqrstuvwxyz");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ClusterCall calls =
            new ClusterCall(new SignedCall("sn1", Samples.KEYS.callsOfMasters(), CLOCK), Duration.ofSeconds(5));

    @ArquillianResource
    @SuppressWarnings("NullAway.Init")
    private URL base;

    @Deployment(testable = false)
    public static WebArchive node() throws IOException {
        Path token = Files.writeString(DATA.resolve("join.token"), FakeMaster.JOIN_TOKEN);
        String settings = String.join(
                "\n",
                "holdfast.node.name=sn1",
                "holdfast.node.url=http://sn1.example:7401",
                "holdfast.node.data=" + DATA.resolve("data"),
                "holdfast.node.members=" + MASTER.url(),
                "holdfast.cluster.join-token-file=" + token);
        return ShrinkWrap.createFromZipFile(WebArchive.class, new File(System.getProperty("holdfast.war", "")))
                .addAsResource(new StringAsset(settings), "META-INF/microprofile-config.properties");
    }

    @BeforeEach
    void waitUntilReady() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> get("/internal/v1/peers").statusCode() == 401
                        && get("/health/ready").statusCode() == 200);
    }

    private URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + base.getPort() + pathAndQuery);
    }

    private URI blob(Ticket.Operation operation, BlobFacts facts) {
        return uri(
                "/blobs/" + facts.id() + "?ticket=" + Samples.sealed(Samples.ticket(operation, facts, CLOCK), CLOCK));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(
                request.timeout(Duration.ofSeconds(30)).build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri(path));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private HttpResponse<String> put(URI uri, byte[] body, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri).PUT(HttpRequest.BodyPublishers.ofByteArray(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private static BlobFacts unknown() {
        return new BlobFacts(BlobId.next(CLOCK), BlobFacts.UNKNOWN_SIZE, Digests.NONE);
    }

    private BlobFacts stored(byte[] body) throws IOException, InterruptedException {
        var facts = Samples.facts(BlobId.next(CLOCK), body);
        assertThat(put(blob(Ticket.Operation.REPLICATE, facts), body).statusCode())
                .isEqualTo(201);
        return facts;
    }

    private List<String> names(String folder) throws IOException {
        try (var files = Files.walk(DATA.resolve("data").resolve(folder))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    @Test
    void aPutIsCommittedAtAMasterAndComesBack() throws Exception {
        var wanted = unknown();
        var answer = put(blob(Ticket.Operation.PUT, wanted), BODY);
        assertThat(answer.statusCode()).isEqualTo(201);
        var facts = Samples.facts(wanted.id(), BODY);
        assertThat(answer.body()).contains("\"path\":\"dir/a file", "\"durableCopies\":1");
        assertThat(answer.headers().firstValue("ETag")).contains(facts.digests().etag());
        var back = send(HttpRequest.newBuilder(blob(Ticket.Operation.GET, facts)));
        assertThat(back.body()).isEqualTo(new String(BODY, StandardCharsets.US_ASCII));
        assertThat(back.headers().firstValue("Content-Type")).contains("text/plain");
        assertThat(back.headers().firstValue("Repr-Digest"))
                .contains(facts.digests().reprDigest());
        assertThat(back.headers().firstValue("Content-Disposition").orElse(""))
                .contains("filename*=UTF-8''a%20file%20%C3%BC.txt");
        assertThat(back.headers().map()).as("for pages of masters").containsKey("access-control-allow-origin");
        var refused = send(HttpRequest.newBuilder(uri("/blobs/" + wanted.id() + "?ticket=none")));
        assertThat(refused.headers().map()).doesNotContainKey("access-control-allow-origin");
        assertThat(names("blobs")).contains(wanted.id().value());
        // The client's connection broke before the answer: it sends all of it again.
        assertThat(put(blob(Ticket.Operation.PUT, wanted), BODY).body()).isEqualTo(answer.body());
    }

    private URI durable(BlobFacts facts, FakePartner... partners) {
        var members = Arrays.stream(partners).map(FakePartner::member).toList();
        return uri("/blobs/" + facts.id() + "?ticket=" + Samples.sealed(Samples.durable(facts, CLOCK, members), CLOCK));
    }

    @Test
    void aDurablePutIsAcknowledgedWhenAPartnerHasItToo() throws Exception {
        try (var full = new FakePartner("sn2", CLOCK);
                var partner = new FakePartner("sn3", CLOCK)) {
            full.feels(FakePartner.Mood.FULL);
            byte[] large = Samples.random(3_000_000);
            var wanted = unknown();
            assertThat(put(durable(wanted, full, partner), large).statusCode()).isEqualTo(201);
            assertThat(partner.landed(wanted.id().value())).isEqualTo(large);
            assertThat(MASTER.requests())
                    .anyMatch(request -> request.contains("commits ") && request.contains("[\"sn1\",\"sn3\"]"));

            var alone = unknown();
            var refused = put(durable(alone, full), BODY);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("durability-unmet").contains("only 1 was reached");
            assertThat(names("")).doesNotContain(alone.id().value());

            MASTER.answerNextCommits(Prepared.problem(412, "precondition-failed"));
            var late = unknown();
            assertThat(put(durable(late, partner), BODY).statusCode()).isEqualTo(412);
            assertThat(partner.landed(late.id().value())).isEmpty();
        }
    }

    @Test
    void aWithdrawalTakesOnlyWhatIsUncommitted() throws Exception {
        var landed = unknown();
        assertThat(put(blob(Ticket.Operation.LAND, landed), BODY).statusCode()).isEqualTo(201);
        var committed = stored(BODY);
        for (BlobFacts facts : List.of(landed, committed)) {
            URI target = uri("/internal/v1/blobs/" + facts.id() + "?stage=uncommitted");
            var answer = calls.send("DELETE", target, Optional.empty(), Duration.ofSeconds(5));
            assertThat(answer.status()).isEqualTo(204);
        }
        assertThat(names(""))
                .contains(committed.id().value())
                .doesNotContain(landed.id().value());
    }

    @Test
    void aRefusedCommitReachesTheClientAndLeavesNothing() throws Exception {
        MASTER.answerNextCommits(Prepared.problem(409, "conflict"));
        var wanted = unknown();
        var answer = put(blob(Ticket.Operation.PUT, wanted), BODY);
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"conflict\"");
        assertThat(names("")).noneMatch(name -> name.startsWith(wanted.id().value()));
    }

    @Test
    void aLandingIsReadableBeforeTheCallerHasCommitted() throws Exception {
        var wanted = unknown();
        var answer = put(blob(Ticket.Operation.LAND, wanted), BODY);
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).startsWith("{\"nodes\":[\"sn1\"],\"blob\":{");
        assertThat(names("uncommitted")).contains(wanted.id().value());
        var back = send(HttpRequest.newBuilder(blob(Ticket.Operation.GET, Samples.facts(wanted.id(), BODY))));
        assertThat(back.statusCode()).isEqualTo(200);
        MASTER.knows(wanted.id().value());
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> names("blobs").contains(wanted.id().value()));
    }

    @Test
    void aReplicaIsVerifiedAndASecondOneIsNotTaken() throws Exception {
        var facts = stored(BODY);
        assertThat(put(blob(Ticket.Operation.REPLICATE, facts), BODY).statusCode())
                .isEqualTo(200);
        var other = new BlobFacts(BlobId.next(CLOCK), BODY.length, Samples.digests(Samples.bytes("other")));
        var answer = put(blob(Ticket.Operation.REPLICATE, other), BODY);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("digest-mismatch");
        assertThat(names("")).noneMatch(name -> name.startsWith(other.id().value()));
    }

    @Test
    void partsComeBackAsAskedFor() throws Exception {
        var facts = stored(BODY);
        String path = blob(Ticket.Operation.GET, facts).toString().replaceFirst("http://[^/]*", "");
        var one = get(path, "Range", "bytes=10-12");
        assertThat(one.statusCode()).isEqualTo(206);
        assertThat(one.body()).isEqualTo("abc");
        assertThat(one.headers().firstValue("Content-Range")).contains("bytes 10-12/36");
        assertThat(one.headers().firstValue("Content-MD5")).isEmpty();
        var two = get(path, "Range", "bytes=0-1,-2");
        assertThat(two.headers().firstValue("Content-Type").orElse("")).startsWith("multipart/byteranges; boundary=");
        assertThat(two.body())
                .contains("Content-Range: bytes 0-1/36\r\n\r\n01\r\n", "Content-Range: bytes 34-35/36\r\n\r\nyz\r\n");
        var none = get(path, "Range", "bytes=36-");
        assertThat(none.statusCode()).isEqualTo(416);
        assertThat(none.headers().firstValue("Content-Range")).contains("bytes */36");
        assertThat(get(path, "Range", "bytes=0-1", "If-Range", "\"x\"").statusCode())
                .isEqualTo(200);
        assertThat(get(path, "If-None-Match", facts.digests().etag()).statusCode())
                .isEqualTo(304);
        assertThat(get(path, "If-Match", "\"x\"").statusCode()).isEqualTo(412);
        var head = send(HttpRequest.newBuilder(uri(path)).method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.headers().firstValue("Content-Length")).contains("36");
    }

    @Test
    void aLargeBodyOfUnknownLengthComesBackBitForBit() throws Exception {
        byte[] body = Samples.random(20_000_001);
        var wanted = unknown();
        var chunked = HttpRequest.newBuilder(blob(Ticket.Operation.LAND, wanted))
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
        assertThat(send(chunked).statusCode()).isEqualTo(201);
        var back = http.send(
                HttpRequest.newBuilder(blob(Ticket.Operation.GET, Samples.facts(wanted.id(), body)))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(back.body()).isEqualTo(body);
    }

    @Test
    void wrongSizesAreRefused() throws Exception {
        var told = new BlobFacts(BlobId.next(CLOCK), 30, Digests.NONE);
        assertThat(put(blob(Ticket.Operation.PUT, told), BODY).statusCode()).isEqualTo(413);
        assertThat(put(blob(Ticket.Operation.PUT, told), Samples.bytes("short")).body())
                .contains("size-mismatch");
        var huge = new BlobFacts(BlobId.next(CLOCK), 1L << 60, Digests.NONE);
        var chunked = HttpRequest.newBuilder(blob(Ticket.Operation.PUT, huge))
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(BODY)));
        var full = send(chunked);
        assertThat(full.statusCode()).isEqualTo(507);
        assertThat(full.body()).contains("\"code\":\"full\"");
    }

    @Test
    void aClientThatGoesAwayLeavesNothing() throws Exception {
        var wanted = unknown();
        URI uri = blob(Ticket.Operation.PUT, wanted);
        try (var socket = new Socket(java.net.InetAddress.getLoopbackAddress(), uri.getPort())) {
            socket.getOutputStream()
                    .write(("PUT " + uri.getRawPath() + "?" + uri.getRawQuery()
                                    + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nonly this")
                            .getBytes(StandardCharsets.US_ASCII));
            Awaitility.await().until(() -> !names("incoming").isEmpty());
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> names("incoming").isEmpty());
        assertThat(names("")).noneMatch(name -> name.startsWith(wanted.id().value()));
    }

    @Test
    void twentyPutsOfOneBlobAtOnceMakeOneBlob() throws Exception {
        var wanted = unknown();
        var running = IntStream.range(0, 20)
                .mapToObj(i -> http.sendAsync(
                        HttpRequest.newBuilder(blob(Ticket.Operation.PUT, wanted))
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(i % 2 == 0 ? BODY : Samples.random(99)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()))
                .toList();
        var codes = new java.util.TreeSet<Integer>();
        for (var answer : running) {
            codes.add(answer.get(30, TimeUnit.SECONDS).statusCode());
        }
        assertThat(codes).contains(201).isSubsetOf(201, 409, 503);
        assertThat(names("blobs").stream()
                        .filter(name -> name.equals(wanted.id().value())))
                .hasSize(1);
    }

    @Test
    void nothingIsAnsweredWithoutARightToAsk() throws Exception {
        var facts = stored(BODY);
        assertThat(get("/blobs/" + facts.id()).statusCode()).isEqualTo(403);
        String other =
                blob(Ticket.Operation.GET, facts).toString().replace(facts.id().value(), "0".repeat(26));
        assertThat(send(HttpRequest.newBuilder(URI.create(other))).statusCode()).isEqualTo(403);
        assertThat(put(blob(Ticket.Operation.GET, facts), BODY).statusCode()).isEqualTo(403);
        assertThat(send(HttpRequest.newBuilder(uri("/internal/v1/blobs/" + facts.id()))
                                .DELETE())
                        .statusCode())
                .isEqualTo(401);
        assertThat(get("/internal/v1/peers", "Authorization", "Holdfast member=sn1,key=k1,at=1,body=,signature=00")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void whoFetchedWhatIsHandedToAMaster() throws Exception {
        var facts = stored(BODY);
        assertThat(send(HttpRequest.newBuilder(blob(Ticket.Operation.GET, facts)))
                        .statusCode())
                .isEqualTo(200);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(MASTER.requests())
                        .anyMatch(told -> told.startsWith("POST /internal/v1/audit ")
                                && told.contains("\"bytes\":" + BODY.length)
                                && told.contains("blob=" + facts.id())));
    }

    @Test
    void membersPingAndRemove() throws Exception {
        var facts = stored(BODY);
        var report =
                ping(TOKENS.incrementAndGet()).json().map(NodeReport::fromJson).orElseThrow();
        assertThat(report.name()).isEqualTo("sn1");
        assertThat(report.room().usedBytes()).isPositive();
        assertThat(report.state().diskFault()).isEmpty();
        assertThat(ping(TOKENS.incrementAndGet())
                        .json()
                        .map(NodeReport::fromJson)
                        .orElseThrow()
                        .state()
                        .bootId())
                .isEqualTo(report.state().bootId())
                .isNotEmpty();
        for (int i = 0; i < 2; i++) {
            var removed = calls.send(
                    "DELETE", uri("/internal/v1/blobs/" + facts.id()), Optional.empty(), Duration.ofSeconds(10));
            assertThat(removed.status()).isEqualTo(204);
        }
        assertThat(send(HttpRequest.newBuilder(blob(Ticket.Operation.GET, facts)))
                        .statusCode())
                .isEqualTo(404);
    }

    private ClusterCall.Answer ping(long token) throws IOException {
        var peers = List.of(new Ping.Peer("sn2", "http://sn2.example:1", "down", false));
        var ping = new Ping(
                new Ping.Leader("m1", token),
                CLOCK.instant(),
                0,
                new Ping.Cluster(List.of(MASTER.url()), peers, List.of("k1")),
                Optional.empty());
        return calls.send("POST", uri("/internal/v1/ping"), Optional.of(ping.toJson()), Duration.ofSeconds(10));
    }

    @Test
    void aDamagedBlobIsPutAwayInsteadOfServed() throws Exception {
        var facts = stored(BODY);
        String id = facts.id().value();
        Files.writeString(DATA.resolve("data/blobs/" + id.substring(24) + "/" + id), "cut");
        URI get = blob(Ticket.Operation.GET, facts);
        assertThat(send(HttpRequest.newBuilder(get)).statusCode()).isEqualTo(404);
        assertThat(names("quarantine")).contains(id);
        // A good copy arrives and is served.
        assertThat(put(blob(Ticket.Operation.REPLICATE, facts), BODY).statusCode())
                .isEqualTo(201);
        assertThat(send(HttpRequest.newBuilder(get)).statusCode()).isEqualTo(200);
    }

    @Test
    void aBlobThatBreaksWhileItIsSentCutsTheConnection() throws Exception {
        var facts = stored(Samples.random(40_000_000));
        String id = facts.id().value();
        URI uri = blob(Ticket.Operation.GET, facts);
        try (var socket = new Socket(java.net.InetAddress.getLoopbackAddress(), uri.getPort());
                var file = new java.io.RandomAccessFile(
                        DATA.resolve("data/blobs/" + id.substring(24) + "/" + id)
                                .toFile(),
                        "rw")) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + uri.getRawPath() + "?" + uri.getRawQuery() + " HTTP/1.1\r\nHost: x\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            long received = socket.getInputStream().readNBytes(1000).length;
            file.setLength(30_000_000);
            received += drain(socket);
            assertThat(received).isBetween(1000L, 31_000_000L);
        }
    }

    /** Until the end or a reset; a time-out fails the test. */
    private static long drain(Socket socket) throws IOException {
        long total = 0;
        var buffer = new byte[1 << 16];
        try {
            for (int read = 0; read >= 0; read = socket.getInputStream().read(buffer)) {
                total += read;
            }
        } catch (java.net.SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
        return total;
    }

    @Test
    void filesGoStraightInAndOut() throws Exception {
        var wanted = unknown();
        MASTER.answerFiles(target -> target.startsWith("POST /api/v1/uploads/admin/a%20%C3%BC/x?node=sn1&size=36&on-")
                ? Optional.of(new Prepared(
                        201, blob(Ticket.Operation.PUT, wanted).toString().replaceFirst("//[^/]*", "//elsewhere"), ""))
                : Optional.empty());
        String[] basic = {"Authorization", "Basic eDp5"};
        var answer = put(uri("/api/v1/files/admin/a%20%C3%BC/x?on-conflict=fail"), BODY, basic);
        assertThat(answer.statusCode()).isEqualTo(201);
        var facts = Samples.facts(wanted.id(), BODY);
        String ticket = blob(Ticket.Operation.GET, facts).toString().replaceFirst("http://[^/]*", "");
        MASTER.answerFiles(target -> Optional.of(new Prepared(
                307, (target.contains("mine") ? "http://sn1.example:7401" : "http://sn2.example:7402") + ticket, "")));
        assertThat(get("/api/v1/files/admin/mine", basic).body())
                .isEqualTo(new String(BODY, StandardCharsets.US_ASCII));
        var elsewhere = get("/api/v1/files/admin/theirs", basic);
        assertThat(elsewhere.statusCode()).isEqualTo(307);
        assertThat(elsewhere.headers().firstValue("Location")).contains("http://sn2.example:7402" + ticket);
        assertThat(get("/api/v1/files/admin/a%2Fb", basic).body()).contains("invalid-name");
        assertThat(get("/api/v1/files/admin/mine").body()).contains("sign-in-required");
    }

    @Test
    void anotherNodeMayJoinThroughThisOne() throws Exception {
        var request = HttpRequest.newBuilder(uri("/api/v1/nodes"))
                .header("Authorization", "Bearer " + FakeMaster.JOIN_TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString("{}"));
        var answer = send(request);
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).contains(MASTER.url());
        var stranger = HttpRequest.newBuilder(uri("/api/v1/nodes"))
                .header("Authorization", "Bearer guess")
                .POST(HttpRequest.BodyPublishers.ofString("{}"));
        assertThat(send(stranger).statusCode()).isEqualTo(401);
    }

    @Test
    void everyErrorIsAProblem() throws Exception {
        var unknown = get("/no/such/thing");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.headers().firstValue("Content-Type")).contains("application/problem+json");
        var method = send(HttpRequest.newBuilder(uri("/api/v1/files/a/b")).DELETE());
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("Allow")).contains("GET, HEAD, PUT");
        assertThat(method.body()).contains("\"status\":405");
    }

    @Test
    void numbersAreThere() throws Exception {
        assertThat(get("/metrics").body()).contains("holdfast_transfers_active", "holdfast_free_bytes");
    }
}
