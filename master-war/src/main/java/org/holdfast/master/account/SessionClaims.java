package org.holdfast.master.account;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.JsonText;

/**
 * What a session's token says. It is sealed, so that no master need look anything up to believe it.
 *
 * @param sessionId key of the session
 * @param caller whose it is
 * @param expiresAt the first instant at which it is no longer honoured
 */
record SessionClaims(String sessionId, Caller caller, Instant expiresAt) {
    static final String PURPOSE = "holdfast-session-1";

    String toText() {
        return JsonText.object()
                .add("sid", sessionId)
                .add("acc", caller.accountId())
                .add("name", caller.name())
                .add("role", caller.role().name())
                .add("epoch", caller.epoch())
                .add("exp", expiresAt.toEpochMilli())
                .build()
                .toString();
    }

    /** Of a sealed text; empty when another release wrote something else. */
    static Optional<SessionClaims> fromText(String text) {
        try (var reader = JsonText.reader(text)) {
            JsonObject json = reader.readObject();
            return Optional.of(new SessionClaims(
                    json.getString("sid"),
                    new Caller(
                            json.getJsonNumber("acc").longValueExact(),
                            json.getString("name"),
                            Role.valueOf(json.getString("role")),
                            json.getInt("epoch")),
                    Instant.ofEpochMilli(json.getJsonNumber("exp").longValueExact())));
        } catch (JsonException | IllegalArgumentException | NullPointerException | ClassCastException e) {
            return Optional.empty();
        }
    }
}
