package org.holdfast.contract;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.List;

/**
 * The word of nodes that a blob's bytes are durable on their disks and match every digest that was told.
 *
 * @param nodes names of the nodes, at least one, each once; the first is the one that the client's bytes reached, and
 *     becomes the origin
 * @param blob the blob with its actual size and digests
 */
public record Landing(List<String> nodes, BlobFacts blob) {
    public Landing {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty() || nodes.stream().distinct().count() < nodes.size()) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "A landing names its nodes, each once.");
        }
    }

    /** A landing on one node. */
    public Landing(String node, BlobFacts blob) {
        this(List.of(node), blob);
    }

    /** The node that the client's bytes reached. */
    public String origin() {
        return nodes.get(0);
    }

    public JsonObject toJson() {
        return JsonText.object()
                .add("nodes", JsonText.array(nodes))
                .add("blob", blob.toJson())
                .build();
    }

    public static Landing fromJson(JsonObject json) {
        return new Landing(
                json.getJsonArray("nodes").getValuesAs(JsonString::getString),
                BlobFacts.fromJson(json.getJsonObject("blob")));
    }
}
