package org.holdfast.master.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.Ticket;
import org.holdfast.contract.TicketSeal;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.account.Caller;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Against nodes that answer over real HTTP. */
class ArchiveFolderTest {
    private static final int MORE_THAN_A_PAGE = 501;
    private static final Duration LONG = Duration.ofHours(1);

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @TempDir
    Path folder;

    private final Map<String, HttpServer> servers = new ConcurrentHashMap<>();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

    /** Tickets that were shown to nodes. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** What each node sends of its own instead of the blob, and takes {@link #LONG} for it. */
    private final Map<String, byte[]> wrong = new ConcurrentHashMap<>();

    @BeforeEach
    void twoNodes() throws Exception {
        var nodes = TestNodes.running(master, "sn1", "sn2");
        for (String name : new String[] {"sn1", "sn2"}) {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/blobs/", exchange -> {
                byte[] bytes = Objects.requireNonNull(
                        blobs.get(exchange.getRequestURI().getPath().substring("/blobs/".length())));
                byte[] sent = wrong.getOrDefault(name, bytes);
                asked.add(exchange.getRequestURI().getQuery().substring("ticket=".length()));
                if (wrong.containsKey(name)) {
                    master.clock().forward(LONG);
                }
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(sent);
                exchange.getResponseBody().flush();
                exchange.close();
            });
            server.start();
            servers.put(name, server);
            master.sql(
                    "UPDATE storage_node SET url = ? WHERE name = ?",
                    "http://127.0.0.1:" + server.getAddress().getPort(),
                    name);
            nodes.turn(name, NodeStatus.RUNNING);
        }
    }

    @AfterEach
    void stop() {
        servers.values().forEach(server -> server.stop(0));
    }

    private static FileAddress at(String path) {
        return new FileAddress("admin", path);
    }

    /** A file on sn1, with a verified copy on sn2; answers its blob. */
    private String put(String path, byte[] bytes) throws Exception {
        var digests = new Digests(Map.of(
                DigestAlgorithm.MD5, digest("MD5", bytes),
                DigestAlgorithm.SHA_256, digest("SHA-256", bytes)));
        var facts = new BlobFacts(BlobId.next(master.clock()), bytes.length, digests);
        blobs.put(facts.id().value(), bytes);
        var unused = master.put("admin/" + path, facts, TestMaster.terms(OnConflict.REPLACE));
        master.sql("UPDATE replica SET state = 'VERIFIED', verified_at = NOW()");
        return facts.id().value();
    }

    private static String digest(String algorithm, byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    }

    private byte[] archive(Caller caller, FileAddress address) throws IOException {
        var out = new ByteArrayOutputStream();
        master.get(ArchiveFolder.class).require(caller, address);
        master.get(ArchiveFolder.class).write(caller, address, out);
        return out.toByteArray();
    }

    /** Names and texts; folders have none. */
    private static Map<String, String> entries(byte[] zip) throws IOException {
        var entries = new LinkedHashMap<String, String>();
        try (var in = new ZipInputStream(new ByteArrayInputStream(zip), UTF_8)) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), new String(in.readAllBytes(), UTF_8));
            }
        }
        return entries;
    }

    @Test
    void allThatIsInAFolderIsInItsArchive() throws Exception {
        put("top.txt", "top".getBytes(UTF_8));
        put("docs/kelp.txt", "Hello, kelp.".getBytes(UTF_8));
        put("docs/b/ü \ud83d\ude00.txt", new byte[0]);
        master.get(ChangeNames.class).makeFolder(master.admin(), at("docs/empty"));
        assertThat(entries(archive(master.admin(), at("docs"))))
                .containsExactly(
                        Map.entry("docs/", ""),
                        Map.entry("docs/b/", ""),
                        Map.entry("docs/b/ü \ud83d\ude00.txt", ""),
                        Map.entry("docs/empty/", ""),
                        Map.entry("docs/kelp.txt", "Hello, kelp."));
        assertThat(entries(archive(master.admin(), at("docs/b"))))
                .containsExactly(Map.entry("b/", ""), Map.entry("b/ü \ud83d\ude00.txt", ""));
        assertThat(entries(archive(master.admin(), at(""))))
                .containsEntry("admin/top.txt", "top")
                .containsEntry("admin/docs/kelp.txt", "Hello, kelp.")
                .hasSize(7);
    }

    @Test
    void otherProgramsReadItByItsDirectory() throws Exception {
        put("docs/kelp.txt", "Hello, kelp.".getBytes(UTF_8));
        Path file = Files.write(folder.resolve("docs.zip"), archive(master.admin(), at("docs")));
        try (var zip = new ZipFile(file.toFile())) {
            var entry = zip.getEntry("docs/kelp.txt");
            assertThat(entry.getLastModifiedTime().toInstant())
                    .isEqualTo(master.clock().instant());
            assertThat(zip.getInputStream(entry).readAllBytes()).asString(UTF_8).isEqualTo("Hello, kelp.");
        }
    }

    @Test
    void aFolderOfManyPagesIsWhole() throws Exception {
        for (int i = 0; i < MORE_THAN_A_PAGE; i++) {
            master.get(ChangeNames.class).makeFolder(master.admin(), at("many/" + i));
        }
        assertThat(entries(archive(master.admin(), at("many")))).hasSize(1 + MORE_THAN_A_PAGE);
    }

    @Test
    void whatTheCallerMayNotReadIsLeftOut() throws Exception {
        put("docs/secret.txt", "secret".getBytes(UTF_8));
        put("docs/b/open.txt", "open".getBytes(UTF_8));
        Caller bob = master.user("bob");
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> archive(bob, at("docs")));
        master.get(ShareNames.class).grant(master.admin(), at("docs/b"), "bob", FileRole.READER);
        assertThat(entries(archive(bob, at("docs"))))
                .containsExactly(
                        Map.entry("docs/", ""), Map.entry("docs/b/", ""), Map.entry("docs/b/open.txt", "open"));
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> archive(bob, at("docs/secret.txt")));
    }

    @Test
    void readingGoesOnWhereANodeBreaksOff() throws Exception {
        byte[] bytes = new byte[300_000];
        new SplittableRandom(7).nextBytes(bytes);
        put("docs/a.bin", bytes);
        for (String broken : new String[] {"sn1", "sn2"}) {
            wrong.clear();
            wrong.put(broken, Arrays.copyOf(bytes, 100_000));
            Path file = Files.write(folder.resolve(broken), archive(master.admin(), at("docs")));
            try (var zip = new ZipFile(file.toFile())) {
                assertThat(zip.getInputStream(zip.getEntry("docs/a.bin")).readAllBytes())
                        .isEqualTo(bytes);
            }
        }
        Ticket first = opened(asked.get(0));
        Ticket next = opened(asked.get(1));
        assertThat(next.expiresAt())
                .as("each node gets a fresh one")
                .isEqualTo(first.expiresAt().plus(LONG));
    }

    /** As the node sees it for which it was made. */
    private Ticket opened(String text) {
        return Stream.of("sn1", "sn2")
                .flatMap(name -> {
                    var keys = master.get(MasterKeys.class).ofNode(name, TestNodes.disk(name));
                    try {
                        return Stream.of(
                                new TicketSeal(name, keys.tickets(), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
                                        .open(text));
                    } catch (HoldfastException e) {
                        return Stream.empty();
                    }
                })
                .findFirst()
                .orElseThrow();
    }

    @Test
    void filesThatCanNotBeReadAreNamedAndTheOthersAreThere() throws Exception {
        put("docs/a.txt", "whole".getBytes(UTF_8));
        put("docs/MISSING.txt", "mine".getBytes(UTF_8));
        String away = put("docs/away.txt", "away".getBytes(UTF_8));
        String bad = put("docs/b/bad.txt", "right".getBytes(UTF_8));
        master.sql("UPDATE replica SET state = 'CORRUPT' WHERE blob_id = ?", away);
        blobs.put(bad, "wrong".getBytes(UTF_8));
        Path file = Files.write(folder.resolve("docs.zip"), archive(master.admin(), at("docs")));
        try (var zip = new ZipFile(file.toFile())) {
            assertThat(zip.getComment()).isEqualTo("2 missing, see MISSING (2).txt");
        }
        var entries = entries(Files.readAllBytes(file));
        assertThat(entries)
                .containsOnlyKeys("docs/", "docs/b/", "docs/MISSING.txt", "docs/a.txt", "docs/MISSING (2).txt")
                .containsEntry("docs/a.txt", "whole")
                .containsEntry("docs/MISSING.txt", "mine");
        assertThat(entries.get("docs/MISSING (2).txt"))
                .contains("docs/b/bad.txt: The bytes that came", "docs/away.txt: No storage node");
    }

    @Test
    void whereNoFileCanBeReadThereIsNoZip() throws Exception {
        put("docs/b.txt", "right".getBytes(UTF_8));
        wrong.put("sn1", "wrong".getBytes(UTF_8));
        wrong.put("sn2", "wrong".getBytes(UTF_8));
        assertThat(cut("digest-mismatch", FailureKind.CORRUPT)).isNotEmpty();
        wrong.put("sn1", new byte[2]);
        wrong.put("sn2", new byte[2]);
        assertThat(cut("unavailable", FailureKind.UNAVAILABLE)).isNotEmpty();
    }

    /** What had been written when the archive was given up. */
    private byte[] cut(String code, FailureKind kind) throws IOException {
        var out = new ByteArrayOutputStream();
        assertRefused(kind, code, () -> master.get(ArchiveFolder.class).write(master.admin(), at("docs"), out));
        Path file = Files.write(folder.resolve(code), out.toByteArray());
        assertThatThrownBy(() -> new ZipFile(file.toFile()).close()).isInstanceOf(ZipException.class);
        return out.toByteArray();
    }
}
