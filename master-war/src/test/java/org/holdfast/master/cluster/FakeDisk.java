package org.holdfast.master.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.CaughtUp;
import org.holdfast.contract.Challenge;
import org.holdfast.contract.CopyProof;
import org.holdfast.contract.CopyProof.Found;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.InventoryPage;
import org.holdfast.contract.JsonText;

/** What lies on a fake node, and its answers when it is challenged, as a real node would give them. */
public final class FakeDisk {
    private static final int UNAVAILABLE = 503;

    private final Map<String, CopyProof> blobs = new ConcurrentSkipListMap<>();
    private final Map<String, String> quarantine = new ConcurrentHashMap<>();
    private final Queue<Challenge> challenges = new ConcurrentLinkedQueue<>();
    private volatile Consumer<Challenge> beforeAnswer = challenge -> {};
    private volatile boolean isTrimmed;
    private volatile long applied;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile List<String> strangers = List.of();

    FakeDisk(HttpServer server) {
        server.createContext("/internal/v1/challenges", exchange -> answer(exchange, this::challenged));
        server.createContext("/internal/v1/inventory", exchange -> answer(exchange, body -> inventory()));
        server.createContext("/internal/v1/catch-up", exchange -> answer(exchange, this::caughtUp));
        server.createContext("/internal/v1/blobs/", this::taken);
    }

    private interface Answering {
        JsonObject answer(JsonObject body);
    }

    private void answer(HttpExchange exchange, Answering answering) throws IOException {
        byte[] asked = exchange.getRequestBody().readAllBytes();
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            exchange.sendResponseHeaders(UNAVAILABLE, -1);
            exchange.close();
            return;
        }
        try (var reader = JsonText.reader(asked.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : asked)) {
            byte[] body = answering.answer(reader.readObject()).toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private JsonObject challenged(JsonObject body) {
        Challenge challenge = Challenge.fromJson(body);
        challenges.add(challenge);
        beforeAnswer.accept(challenge);
        List<JsonObject> proofs = new ArrayList<>();
        challenge.digests().forEach(id -> proofs.add(proof(id).toJson()));
        challenge.presence().forEach(id -> {
            CopyProof proof = proof(id);
            boolean isWhole = proof.found() == Found.DIGESTED;
            proofs.add(new CopyProof(id, isWhole ? Found.PRESENT : proof.found(), proof.sizeBytes(), "").toJson());
        });
        return JsonText.object().add("proofs", JsonText.array(proofs)).build();
    }

    private CopyProof proof(BlobId id) {
        return blobs.getOrDefault(id.value(), new CopyProof(id, Found.MISSING, 0, ""));
    }

    private JsonObject inventory() {
        List<String> names = strangers;
        strangers = List.of();
        return new InventoryPage(
                        blobs.values().stream()
                                .map(proof -> new InventoryPage.Item(
                                        proof.blob(),
                                        proof.sizeBytes(),
                                        proof.found() == Found.DIGESTED || proof.found() == Found.UNREADABLE))
                                .toList(),
                        names,
                        Optional.empty())
                .toJson();
    }

    private JsonObject caughtUp(JsonObject body) {
        if (body.containsKey("reconciled")) {
            isTrimmed = false;
            applied = body.getJsonNumber("reconciled").longValueExact();
        } else if (!isTrimmed) {
            applied = Math.max(applied, body.getJsonNumber("head").longValueExact());
        }
        return new CaughtUp(applied, isTrimmed).toJson();
    }

    private void taken(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        try (var reader = JsonText.reader(exchange.getRequestBody().readAllBytes())) {
            String id = path[path.length - 2];
            quarantine.put(id, reader.readObject().getString("reason"));
            exchange.sendResponseHeaders(blobs.remove(id) == null ? 410 : 204, -1);
        }
        exchange.close();
    }

    /** Bytes as they should be. */
    public void keep(BlobFacts facts) {
        put(facts.id(), Found.DIGESTED, facts.sizeBytes(), facts.digests().require(DigestAlgorithm.SHA_256));
    }

    /** Bytes with another digest. */
    public void rot(BlobFacts facts) {
        put(facts.id(), Found.DIGESTED, facts.sizeBytes(), "ff".repeat(32));
    }

    /** Whatever a test wants. */
    public void put(BlobId id, Found found, long sizeBytes, String sha256) {
        blobs.put(id.value(), new CopyProof(id, found, sizeBytes, sha256));
    }

    public void lose(BlobId id) {
        blobs.remove(id.value());
    }

    /** Files among the blobs that are none; seen once. */
    public void strangers(String... names) {
        strangers = List.of(names);
    }

    /** As a node that has followed the changes up to this one. */
    public void hasApplied(long seq) {
        applied = seq;
    }

    public long appliedSeq() {
        return applied;
    }

    public boolean has(BlobId id) {
        return blobs.containsKey(id.value());
    }

    public Optional<String> quarantineReason(BlobId id) {
        return Optional.ofNullable(quarantine.get(id.value()));
    }

    /** All challenges up to now. */
    public List<Challenge> challenges() {
        return List.copyOf(challenges);
    }

    /** Done at each challenge, before it is answered. */
    public void beforeAnswer(Consumer<Challenge> step) {
        beforeAnswer = step;
    }

    /** As a node that is behind the beginning of the log. */
    public void isTooFarBehind() {
        isTrimmed = true;
    }

    public long applied() {
        return applied;
    }

    /** The next so many questions are answered 503. */
    public void failNext(int count) {
        failures.set(count);
    }
}
