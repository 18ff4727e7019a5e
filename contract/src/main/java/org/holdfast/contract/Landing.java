package org.holdfast.contract;

import jakarta.json.JsonObject;

/**
 * A node's word that a blob's bytes are durable on its disk and match every digest that was told.
 *
 * @param node name of the node
 * @param blob the blob with its actual size and digests
 */
public record Landing(String node, BlobFacts blob) {
    public JsonObject toJson() {
        return JsonText.object().add("node", node).add("blob", blob.toJson()).build();
    }

    public static Landing fromJson(JsonObject json) {
        return new Landing(json.getString("node"), BlobFacts.fromJson(json.getJsonObject("blob")));
    }
}
