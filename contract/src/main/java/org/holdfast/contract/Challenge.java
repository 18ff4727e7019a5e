package org.holdfast.contract;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.List;

/**
 * A master asks a node what lies on its disk ({@code POST /internal/v1/challenges}); the answer is a {@link CopyProof}
 * for each blob, under {@code proofs}.
 *
 * @param digests blobs that are to be read and digested
 * @param presence blobs of which only presence and length are asked
 * @param bytesPerSecond how fast the node may read; 0: as fast as it can
 */
public record Challenge(List<BlobId> digests, List<BlobId> presence, long bytesPerSecond) {
    /** Most blobs in one challenge: keeps the signed body below 64 KiB. */
    public static final int MAX_BLOBS = 500;

    public Challenge {
        digests = List.copyOf(digests);
        presence = List.copyOf(presence);
        if (digests.size() + presence.size() > MAX_BLOBS || bytesPerSecond < 0) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "A challenge names at most " + MAX_BLOBS + " blobs, and a speed of 0 or more.");
        }
    }

    public JsonObject toJson() {
        return JsonText.object()
                .add("digests", JsonText.array(values(digests)))
                .add("presence", JsonText.array(values(presence)))
                .add("bytesPerSecond", bytesPerSecond)
                .build();
    }

    public static Challenge fromJson(JsonObject json) {
        return new Challenge(
                blobs(json, "digests"),
                blobs(json, "presence"),
                json.getJsonNumber("bytesPerSecond").longValueExact());
    }

    private static List<String> values(List<BlobId> blobs) {
        return blobs.stream().map(BlobId::value).toList();
    }

    private static List<BlobId> blobs(JsonObject json, String name) {
        return json.getJsonArray(name).getValuesAs(JsonString::getString).stream()
                .map(BlobId::new)
                .toList();
    }
}
