package org.holdfast.contract;

import jakarta.json.JsonObject;
import java.util.Locale;

/**
 * What a node says of one of its copies when it is challenged: computed from its disk at that moment.
 *
 * @param blob the blob
 * @param found what lies there
 * @param sizeBytes how long it is; 0 when nothing lies there
 * @param sha256 lower-case hexadecimal; empty unless the bytes were digested
 */
public record CopyProof(BlobId blob, Found found, long sizeBytes, String sha256) {

    /** What lies on the disk. */
    public enum Found {
        /** The bytes were read and digested; the sidecar is there. */
        DIGESTED,
        /** The bytes are as long as their sidecar says; they were not read, since only presence was asked for. */
        PRESENT,
        /** The bytes are longer or shorter than their sidecar says. */
        CUT,
        /** The bytes have no readable sidecar. */
        BARE,
        /** The disk does not return the bytes. */
        UNREADABLE,
        /** No such blob, or it is in quarantine. */
        MISSING
    }

    public JsonObject toJson() {
        return JsonText.object()
                .add("blob", blob.value())
                .add("found", found.name().toLowerCase(Locale.ROOT))
                .add("size", sizeBytes)
                .add("sha256", sha256)
                .build();
    }

    public static CopyProof fromJson(JsonObject json) {
        return new CopyProof(
                new BlobId(json.getString("blob")),
                Found.valueOf(json.getString("found").toUpperCase(Locale.ROOT)),
                json.getJsonNumber("size").longValueExact(),
                json.getString("sha256"));
    }
}
