package org.holdfast.storage.store;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.JsonText;

/**
 * What lies beside a blob: all that is needed to make a catalog entry again when every catalog is lost.
 *
 * @param facts id, size and all digests that were computed while the bytes landed
 * @param address where the file was when its ticket was made; it may have been renamed since
 * @param account name of who put it; empty for a further copy, and of earlier releases
 * @param contentType media type that the client told
 * @param landedAt when the last byte had been verified
 * @param ticketExpiresAt until when the upload may still be tried again with its ticket
 */
public record Sidecar(
        BlobFacts facts,
        FileAddress address,
        Optional<String> account,
        String contentType,
        Instant landedAt,
        Instant ticketExpiresAt) {
    private static final int FORMAT = 1;

    JsonObject toJson() {
        var json = JsonText.object()
                .add("format", FORMAT)
                .add("blob", facts.toJson())
                .add("namespace", address.namespace())
                .add("path", address.path());
        account.ifPresent(name -> json.add("account", name));
        return json.add("contentType", contentType)
                .add("landedAt", landedAt.toString())
                .add("ticketExpiresAt", ticketExpiresAt.toString())
                .build();
    }

    static Sidecar fromJson(JsonObject json) {
        return new Sidecar(
                BlobFacts.fromJson(json.getJsonObject("blob")),
                new FileAddress(json.getString("namespace"), json.getString("path")),
                json.containsKey("account") ? Optional.of(json.getString("account")) : Optional.empty(),
                json.getString("contentType"),
                Instant.parse(json.getString("landedAt")),
                Instant.parse(json.getString("ticketExpiresAt")));
    }
}
