package org.holdfast.setup;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * A real HTTP server that speaks the client's side of the contract: one master under {@code /api/v1} and the nodes sn1,
 * sn2, sn3 under {@code /NODE/blobs}, in one process, with faults to order. It keeps bytes in memory and knows the one
 * account {@code admin} with {@link #PASSWORD}. Thread-safe.
 */
@NullMarked
final class FakeCluster implements AutoCloseable {
    /** Has the characters that a shell or curl's config file would trip over. */
    static final String PASSWORD = "p\"a\\s $w'o:rd";

    private static final String TOKEN = "token-1";
    private static final int PAGE_NAMES = 7;
    private static final List<String> NODES = List.of("sn1", "sn2", "sn3");

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else each small answer waits 40 ms for an ACK
    }

    /** What is wrong with a node. */
    enum Fault {
        BREAKS_UPLOAD,
        BUSY,
        FULL,
        COMMITS_BUT_LOSES_ANSWER,
        CUTS_DOWNLOAD,
        STALLS_DOWNLOAD,
        SENDS_WRONG_BYTES,
        SENDS_OTHER_VERSION
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger lastBlob = new AtomicInteger();

    /** File contents by "namespace/path". */
    final NavigableMap<String, byte[]> files = new ConcurrentSkipListMap<>();

    private final Map<String, Integer> versions = new ConcurrentHashMap<>();

    /** Older versions that are kept of each file. */
    volatile int versionsKept = 10;

    final Map<String, Fault> faults = new ConcurrentHashMap<>();
    /** "METHOD raw-path?query", in order of arrival. */
    final List<String> requests = new CopyOnWriteArrayList<>();
    /** What was wanted of nodes. */
    final List<String> bodies = new CopyOnWriteArrayList<>();

    /** Ranges asked of nodes. */
    final List<String> ranges = new CopyOnWriteArrayList<>();
    /** How many of the next requests to the master are answered 503. */
    final AtomicInteger busyAnswers = new AtomicInteger();

    /** Who uploads were asked by, as the clients say. */
    final Set<String> writers = ConcurrentHashMap.newKeySet();

    /** Files' own times, as clients told them. */
    final Map<String, String> times = new ConcurrentHashMap<>();

    final NavigableMap<String, Boolean> folders = new ConcurrentSkipListMap<>();
    /** "namespace/path TAB query" by blob. */
    private final Map<String, String> uploads = new ConcurrentHashMap<>();

    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

    FakeCluster() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String raw = exchange.getRequestURI().getRawPath();
            String query = exchange.getRequestURI().getRawQuery();
            requests.add(exchange.getRequestMethod() + " " + raw + (query == null ? "" : "?" + query));
            if (raw.contains("/blobs/")) {
                node(exchange, raw.substring(1, 4), raw.substring(raw.lastIndexOf('/') + 1));
            } else if (busyAnswers.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                problem(exchange, 503, "busy", "the master starts");
            } else if (!isSignedIn(exchange)) {
                problem(exchange, 401, "sign-in-required", "sign in, please");
            } else {
                String[] parts = raw.substring("/api/v1/".length()).split("/", 2);
                master(exchange, parts[0], parts.length == 1 ? "" : decode(parts[1]), query == null ? "" : query);
            }
        }
    }

    private static boolean isSignedIn(HttpExchange exchange) {
        String basic = Base64.getEncoder().encodeToString(("admin:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        return ("Basic " + basic).equals(given) || ("Bearer " + TOKEN).equals(given);
    }

    private void master(HttpExchange exchange, String resource, String name, String query) throws IOException {
        String time = exchange.getRequestHeaders().getFirst("Holdfast-Modified");
        if (time != null) {
            times.put(name, time);
        }
        switch (exchange.getRequestMethod() + " " + resource) {
            case "POST session" -> reply(exchange, 201, "{\"token\":\"" + TOKEN + "\",\"user\":\"admin\"}");
            case "DELETE session" -> reply(exchange, 204, "");
            case "POST uploads" -> beginUpload(exchange, name, query);
            case "PUT files" ->
                store(exchange, name, query, exchange.getRequestBody().readAllBytes(), true);
            case "GET files" -> redirect(exchange, name);
            case "HEAD files" -> head(exchange, name);
            case "DELETE files" -> delete(exchange, name);
            case "POST files" -> move(exchange, name, query);
            case "GET folders" -> listFolder(exchange, trimmed(name), query);
            case "PUT folders" -> {
                folders.put(name, true);
                reply(exchange, 201, "{}");
            }
            case "DELETE folders" -> removeOne(exchange, name);
            case "PATCH nodes" -> {
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                if (name.equals("full")) {
                    problem(exchange, 409, "node-state", "full still holds 7 copies");
                } else {
                    reply(exchange, 200, "{\"name\":\"sn1\",\"adminState\":\"offline\",\"status\":\"running\"}");
                }
            }
            case "PATCH namespaces", "POST cluster" -> {
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                reply(exchange, 200, "moves");
            }
            case "DELETE cluster", "DELETE workers", "DELETE locks", "DELETE links" -> reply(exchange, 204, "");
            case "POST locks" -> lock(exchange, name);
            case "POST links" -> {
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                reply(exchange, 201, "{\"id\":\"L1\",\"url\":\"https://h/api/v1/shared/t.k.s\",\"password\":true}");
            }
            case "GET links",
                    "GET locks",
                    "GET replicas",
                    "GET nodes",
                    "GET events",
                    "GET tasks",
                    "GET cluster",
                    "GET namespaces" ->
                reply(
                        exchange,
                        200,
                        name.endsWith("/safe-to-remove")
                                ? "{\"safe\":" + name.startsWith("empty") + ",\"verdict\":\"So it is.\"}"
                                : "table of " + name);
            default -> problem(exchange, 404, "not-found", "no such thing");
        }
    }

    private void lock(HttpExchange exchange, String name) throws IOException {
        if (name.endsWith("theirs")) {
            problem(exchange, 423, "locked", name + " is locked by mara, until noon unless that is renewed.");
        } else {
            reply(exchange, 201, "{\"user\":\"admin\",\"until\":\"noon\"}");
        }
    }

    private void beginUpload(HttpExchange exchange, String name, String query) throws IOException {
        writers.add(exchange.getRequestHeaders().getFirst("Holdfast-Writer"));
        if (refusesConflict(exchange, name, query)) {
            return;
        }
        List<String> excluded = List.of(parameter(query, "exclude").orElse("").split(","));
        Optional<String> node =
                NODES.stream().filter(n -> !excluded.contains(n)).findFirst();
        if (node.isEmpty()) {
            problem(exchange, 503, "unavailable", "no node takes files");
            return;
        }
        String blob = "b" + lastBlob.incrementAndGet();
        uploads.put(blob, name + "\t" + query);
        exchange.getResponseHeaders().set("Location", url() + "/" + node.get() + "/blobs/" + blob + "?ticket=t.1");
        reply(exchange, 201, "{\"blob\":\"" + blob + "\",\"node\":\"" + node.get() + "\",\"url\":\"x\"}");
    }

    private boolean refusesConflict(HttpExchange exchange, String name, String query) throws IOException {
        String ifMatch = exchange.getRequestHeaders().getFirst("If-Match");
        byte[] present = files.get(name);
        if (ifMatch != null && (present == null || !ifMatch.equals(etag(present)))) {
            problem(exchange, 412, "precondition-failed", "another version is there");
            return true;
        }
        if (present != null && parameter(query, "on-conflict").orElse("").equals("fail")) {
            problem(exchange, 409, "conflict", "a file \"" + name + "\" is there");
            return true;
        }
        return false;
    }

    private void store(HttpExchange exchange, String name, String query, byte[] body, boolean oneStep)
            throws IOException {
        String digest = exchange.getRequestHeaders().getFirst("Repr-Digest");
        if (digest == null || !digest.equals(reprDigest(body))) {
            problem(exchange, 422, "digest-mismatch", "other bytes came: " + digest);
        } else if (!oneStep || !refusesConflict(exchange, name, query)) {
            boolean renamed = files.containsKey(name)
                    && parameter(query, "on-conflict").orElse("").equals("rename");
            String stored = renamed ? name + " (1)" : name;
            files.put(stored, body);
            int version = versions.merge(stored, 1, Integer::sum);
            reply(exchange, 201, storedJson(stored, version, renamed));
        }
    }

    private String storedJson(String name, int version, boolean renamed) {
        String path =
                name.substring(name.indexOf('/') + 1).replace("\\", "\\\\").replace("\"", "\\\"");
        return "{\"namespace\":\"admin\",\"path\":\"" + path
                + "\",\"version\":" + version + ",\"olderVersions\":"
                + Math.min(version - 1, versionsKept) + ",\"durableCopies\":1,\"wantedCopies\":3,\"renamed\":" + renamed
                + "}";
    }

    private void redirect(HttpExchange exchange, String name) throws IOException {
        byte[] content = files.get(name);
        if (content == null) {
            problem(exchange, 404, "not-found", "there is no file " + name);
            return;
        }
        if (times.containsKey(name)) {
            exchange.getResponseHeaders().set("Holdfast-Modified", times.get(name));
        }
        String blob = "r" + lastBlob.incrementAndGet();
        blobs.put(blob, content);
        exchange.getResponseHeaders().set("ETag", etag(content));
        exchange.getResponseHeaders().set("Location", url() + "/sn1/blobs/" + blob + "?ticket=t.1");
        for (String link : List.of(
                "sn3/blobs/" + blob + "?ticket=t.3>; rel=\"duplicate\"; pri=2",
                "sn2/blobs/" + blob + "?ticket=t.2>; rel=\"duplicate\"; pri=1")) {
            exchange.getResponseHeaders().add("Link", "<" + url() + "/" + link);
        }
        reply(exchange, 307, "");
    }

    private void head(HttpExchange exchange, String name) throws IOException {
        byte[] content = files.get(name);
        if (content != null) {
            exchange.getResponseHeaders().set("ETag", etag(content));
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
        }
        exchange.sendResponseHeaders(content == null ? 404 : 200, -1);
    }

    /** As a master does whose time for one request is over after each file. */
    private void removeOne(HttpExchange exchange, String folder) throws IOException {
        List<String> below = files.keySet().stream()
                .filter(file -> file.startsWith(folder + "/"))
                .toList();
        below.stream().limit(1).forEach(files::remove);
        reply(exchange, below.size() > 1 ? 202 : 204, below.size() > 1 ? "{\"removedFiles\":1}" : "");
    }

    private void delete(HttpExchange exchange, String name) throws IOException {
        if (files.remove(name) == null) {
            problem(exchange, 404, "not-found", "there is no file " + name);
        } else {
            reply(exchange, 204, "");
        }
    }

    private void move(HttpExchange exchange, String name, String query) throws IOException {
        byte[] content = files.remove(name);
        if (content == null) {
            problem(exchange, 404, "not-found", "there is no file " + name);
        } else {
            files.put(decode(parameter(query, "move-to").orElseThrow()), content);
            reply(exchange, 200, "{}");
        }
    }

    private void listFolder(HttpExchange exchange, String folder, String query) throws IOException {
        NavigableMap<String, String> rows = new ConcurrentSkipListMap<>();
        String prefix = folder + "/";
        folders.keySet().stream()
                .filter(f -> f.startsWith(prefix))
                .forEach(f -> row(rows, f.substring(prefix.length()) + "/", null));
        files.forEach((name, content) -> {
            if (name.startsWith(prefix)) {
                row(rows, name.substring(prefix.length()), content);
                rows.computeIfPresent(
                        name.substring(prefix.length()), (below, row) -> row + "\t" + times.getOrDefault(name, "-"));
            }
        });
        if (rows.isEmpty() && folder.contains("/") && !folders.containsKey(folder)) {
            problem(exchange, 404, "not-found", "there is no folder " + folder);
            return;
        }
        // A server that does not understand where the next page begins.
        String after = folder.endsWith("/stuck")
                ? ""
                : decode(parameter(query, "after").orElse(""));
        List<String> names = List.copyOf(rows.tailMap(after, false).keySet());
        StringBuilder page = new StringBuilder("type\tsize\tmodified\tetag\tname\tfileTime\n");
        names.stream()
                .limit(PAGE_NAMES)
                .forEach(name -> page.append(rows.get(name)).append('\n'));
        if (names.size() > PAGE_NAMES) {
            StringBuilder encoded = new StringBuilder();
            for (byte b : names.get(PAGE_NAMES - 1).getBytes(StandardCharsets.UTF_8)) {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
            exchange.getResponseHeaders().set("Holdfast-Next", encoded.toString());
        }
        reply(exchange, 200, page.toString());
    }

    private static void row(Map<String, String> rows, String below, byte @Nullable [] content) {
        int slash = below.indexOf('/');
        if (slash >= 0 || content == null) {
            String name = below.substring(0, slash);
            rows.put(name, "folder\t\t2026-01-01T00:00:00Z\t\t" + name);
        } else {
            rows.put(below, "file\t" + content.length + "\t2026-01-01T00:00:00Z\t" + etag(content) + "\t" + below);
        }
    }

    private void node(HttpExchange exchange, String node, String blob) throws IOException {
        Fault fault = faults.get(node);
        if (exchange.getRequestMethod().equals("PUT")) {
            takeBlob(exchange, blob, fault);
        } else {
            String range = exchange.getRequestHeaders().getFirst("Range");
            ranges.add(node + " " + range);
            byte[] content = blobs.get(blob);
            if (content == null) {
                problem(exchange, 404, "not-found", "no such blob");
            } else if (fault == Fault.SENDS_OTHER_VERSION) {
                problem(exchange, 412, "precondition-failed", "other bytes here");
            } else {
                int start =
                        range == null ? 0 : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
                serveBlob(exchange, content, start, fault);
            }
        }
    }

    private void takeBlob(HttpExchange exchange, String blob, @Nullable Fault fault) throws IOException {
        if (fault == Fault.BREAKS_UPLOAD) {
            return; // the connection is closed without an answer
        }
        byte[] body = exchange.getRequestBody().readAllBytes();
        String[] upload = uploads.getOrDefault(blob, "\t").split("\t", 2);
        if (fault == Fault.FULL) {
            problem(exchange, 507, "full", "no space here");
        } else if (fault == Fault.BUSY) {
            problem(exchange, 503, "busy", "later");
        } else if (!parameter(upload[1], "size").orElse("").equals(Integer.toString(body.length))) {
            problem(exchange, 400, "size-mismatch", "another size was announced");
        } else if (fault == Fault.COMMITS_BUT_LOSES_ANSWER) {
            files.put(upload[0], body);
        } else {
            store(exchange, upload[0], upload[1], body, false);
        }
    }

    private void serveBlob(HttpExchange exchange, byte[] content, int start, @Nullable Fault fault) throws IOException {
        byte[] rest = Arrays.copyOfRange(content, start, content.length);
        if (fault == Fault.SENDS_WRONG_BYTES && rest.length > 0) {
            rest[rest.length - 1] ^= 1;
        }
        if (start > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + start + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.getResponseHeaders().set("Repr-Digest", reprDigest(content));
        exchange.sendResponseHeaders(start > 0 ? 206 : 200, rest.length == 0 ? -1 : rest.length);
        boolean whole = fault != Fault.CUTS_DOWNLOAD && fault != Fault.STALLS_DOWNLOAD;
        exchange.getResponseBody().write(rest, 0, whole ? rest.length : rest.length / 2);
        exchange.getResponseBody().flush();
        if (fault == Fault.STALLS_DOWNLOAD) {
            awaitClose();
        }
        if (!whole) {
            throw new IOException("the node dies in mid-transfer, as ordered");
        }
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<String> parameter(String query, String name) {
        return Arrays.stream(query.split("&"))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst();
    }

    private static String decode(String raw) {
        return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String trimmed(String name) {
        return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    }

    static String etag(byte[] content) {
        return "\"" + HexFormat.of().formatHex(sha256(content)) + "\"";
    }

    private static String reprDigest(byte[] content) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(sha256(content)) + ":";
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void problem(HttpExchange exchange, int status, String code, String detail) throws IOException {
        exchange.getRequestBody().readAllBytes();
        reply(
                exchange,
                status,
                "{\"title\":\"x\",\"status\":" + status + ",\"code\":\"" + code + "\",\"detail\":\""
                        + detail.replace("\"", "\\\"") + "\"}");
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
