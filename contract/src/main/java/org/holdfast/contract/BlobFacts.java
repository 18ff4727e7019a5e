package org.holdfast.contract;

import jakarta.json.JsonObject;

/**
 * A blob and what is known of its bytes.
 *
 * @param id the blob
 * @param sizeBytes its length, or {@link #UNKNOWN_SIZE} where a client has not told it yet
 * @param digests what is known; complete (MD5 and SHA-256) for every blob that has landed
 */
public record BlobFacts(BlobId id, long sizeBytes, Digests digests) {
    public static final long UNKNOWN_SIZE = -1;

    public JsonObject toJson() {
        return JsonText.object()
                .add("id", id.value())
                .add("size", sizeBytes)
                .add("digests", digests.toJson())
                .build();
    }

    public static BlobFacts fromJson(JsonObject json) {
        return new BlobFacts(
                new BlobId(json.getString("id")),
                json.getJsonNumber("size").longValueExact(),
                Digests.fromJson(json.getJsonObject("digests")));
    }
}
