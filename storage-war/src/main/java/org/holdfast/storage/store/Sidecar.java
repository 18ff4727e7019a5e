package org.holdfast.storage.store;

import jakarta.json.JsonObject;
import java.time.Instant;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.JsonText;

/**
 * What lies beside a blob: all that is needed to make a catalog entry again when every catalog is lost.
 *
 * @param facts id, size and all digests that were computed while the bytes landed
 * @param address where the file was when its ticket was made; it may have been renamed since
 * @param contentType media type that the client told
 * @param landedAt when the last byte had been verified
 * @param ticketExpiresAt until when the upload may still be tried again with its ticket
 */
public record Sidecar(
        BlobFacts facts, FileAddress address, String contentType, Instant landedAt, Instant ticketExpiresAt) {
    private static final int FORMAT = 1;

    JsonObject toJson() {
        return JsonText.object()
                .add("format", FORMAT)
                .add("blob", facts.toJson())
                .add("namespace", address.namespace())
                .add("path", address.path())
                .add("contentType", contentType)
                .add("landedAt", landedAt.toString())
                .add("ticketExpiresAt", ticketExpiresAt.toString())
                .build();
    }

    static Sidecar fromJson(JsonObject json) {
        return new Sidecar(
                BlobFacts.fromJson(json.getJsonObject("blob")),
                new FileAddress(json.getString("namespace"), json.getString("path")),
                json.getString("contentType"),
                Instant.parse(json.getString("landedAt")),
                Instant.parse(json.getString("ticketExpiresAt")));
    }
}
