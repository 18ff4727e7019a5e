package org.holdfast.master.api;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;

/** Bodies of requests. */
final class Body {
    private Body() {}

    /** The body as a JSON object, or INVALID. */
    static JsonObject object(String body) {
        try (var reader = JsonText.reader(body)) {
            return reader.readObject();
        } catch (JsonException e) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", "The body is not a JSON object.", e);
        }
    }
}
