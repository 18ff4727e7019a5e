package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.CaughtUp;
import org.holdfast.contract.Challenge;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.CopyProof;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.InventoryPage;
import org.holdfast.contract.JsonText;
import org.holdfast.master.cluster.CallNodes;
import org.holdfast.master.cluster.NodeView;

/** What a master asks of a node in a check. Each call fails with an IOException unless the node has answered it. */
@ApplicationScoped
public class NodeTalk {
    private static final Duration ANSWER = Duration.ofSeconds(30);
    /** Folders of a full disk, sidecars that must be read from it: a page of the inventory may take its time. */
    private static final Duration SLOW_ANSWER = Duration.ofMinutes(5);
    /** The slowest disk that is waited for. */
    private static final long LEAST_BYTES_PER_SECOND = 2L << 20;

    private static final int INVENTORY_PAGE = 1_000;
    private static final int GONE = 410;

    @Inject
    CallNodes calls;

    /** The proofs, in any order; waits as long as reading so many bytes may take. */
    List<CopyProof> challenge(NodeView node, Challenge challenge, long bytes) throws IOException {
        long pace = challenge.bytesPerSecond() == 0
                ? LEAST_BYTES_PER_SECOND
                : Math.min(LEAST_BYTES_PER_SECOND, challenge.bytesPerSecond());
        Duration patience = ANSWER.plusSeconds(2 * bytes / pace);
        return ask(
                node,
                "POST",
                "challenges",
                challenge.toJson(),
                patience,
                json -> json.getJsonArray("proofs").getValuesAs(JsonObject.class).stream()
                        .map(CopyProof::fromJson)
                        .toList());
    }

    InventoryPage inventory(NodeView node, String after) throws IOException {
        String path = "inventory?limit=" + INVENTORY_PAGE + "&after=" + after;
        return ask(node, "GET", path, null, SLOW_ANSWER, InventoryPage::fromJson);
    }

    /** Has the node apply the changes up to this one, as far as it gets. */
    CaughtUp catchUp(NodeView node, long head) throws IOException {
        return ask(
                node, "POST", "catch-up", JsonText.object().add("head", head).build(), SLOW_ANSWER, CaughtUp::fromJson);
    }

    /** Tells the node that everything was compared with the catalog as of this change. */
    void reconciled(NodeView node, long seq) throws IOException {
        var unused = ask(
                node,
                "POST",
                "catch-up",
                JsonText.object().add("reconciled", seq).build(),
                ANSWER,
                CaughtUp::fromJson);
    }

    /** Has the node take a blob away from readers; nothing happens when it is not there. */
    void quarantine(NodeView node, BlobId blob, String reason) throws IOException {
        ClusterCall.Answer answer = send(
                node,
                "POST",
                "blobs/" + blob + "/quarantine",
                JsonText.object().add("reason", reason).build(),
                ANSWER);
        if (!answer.isSuccess() && answer.status() != GONE) {
            throw refused(node, answer);
        }
    }

    private <T> T ask(
            NodeView node,
            String method,
            String path,
            @org.jspecify.annotations.Nullable JsonObject body,
            Duration patience,
            Function<JsonObject, T> reading)
            throws IOException {
        ClusterCall.Answer answer = send(node, method, path, body, patience);
        Optional<JsonObject> json = answer.isSuccess() ? answer.json() : Optional.empty();
        if (json.isEmpty()) {
            throw refused(node, answer);
        }
        try {
            return reading.apply(json.get());
        } catch (JsonException
                | NullPointerException
                | ClassCastException
                | IllegalArgumentException
                | ArithmeticException
                | HoldfastException e) {
            throw new IOException(node.name() + " answered " + path + " in an unknown form", e);
        }
    }

    private ClusterCall.Answer send(
            NodeView node,
            String method,
            String path,
            @org.jspecify.annotations.Nullable JsonObject body,
            Duration patience)
            throws IOException {
        return calls.to(node)
                .send(method, URI.create(node.url() + "/internal/v1/" + path), Optional.ofNullable(body), patience);
    }

    private static IOException refused(NodeView node, ClusterCall.Answer answer) {
        return new IOException(node.name() + " answered " + answer.status() + " " + answer.body());
    }
}
