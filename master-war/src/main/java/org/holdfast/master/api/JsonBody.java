package org.holdfast.master.api;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that a client has sent. Members that are left out keep what there was, null takes it away (RFC 7396);
 * one of a wrong kind, or that nobody knows, is INVALID and never overlooked.
 */
final class JsonBody {
    private static final Set<String> SECRET = Set.of("password", "old", "new");

    private final JsonObject json;

    private JsonBody(JsonObject json) {
        this.json = json;
    }

    /** Reads it; only the known members may occur. */
    static JsonBody read(String body, Set<String> known) {
        try (var reader = JsonText.reader(body)) {
            JsonObject json = reader.readObject();
            for (String name : json.keySet()) {
                if (!known.contains(name)) {
                    throw invalid("The body has a member " + name + ", which is not known here.", null);
                }
            }
            return new JsonBody(json);
        } catch (JsonException e) {
            throw invalid("The body is not a JSON object.", e);
        }
    }

    /** As it was sent. */
    JsonObject object() {
        return json;
    }

    /** What has been sent, for the audit log: passwords left out. */
    String told() {
        return json.entrySet().stream()
                .filter(member -> !SECRET.contains(member.getKey()))
                .map(member -> member.getKey() + "="
                        + (member.getValue() instanceof JsonString text ? text.getString() : member.getValue()))
                .collect(Collectors.joining(" "));
    }

    /** A text that must be there. */
    String text(String name) {
        return text(name, Optional.empty()).orElseThrow(() -> invalid("The body needs the member " + name + ".", null));
    }

    Optional<String> text(String name, Optional<String> there) {
        JsonValue value = json.get(name);
        if (value == null || value == JsonValue.NULL) {
            return value == null ? there : Optional.empty();
        }
        if (value instanceof JsonString text && isUnicode(text.getString())) {
            return Optional.of(text.getString());
        }
        throw invalid("The member " + name + " is not a text.", null);
    }

    /** Half of a pair can be told in JSON, as {@code \\ud800}, but not be kept. */
    private static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(point -> Character.getType(point) == Character.SURROGATE);
    }

    boolean flag(String name, boolean there) {
        JsonValue value = json.get(name);
        if (value == null) {
            return there;
        }
        if (value == JsonValue.TRUE || value == JsonValue.FALSE) {
            return value == JsonValue.TRUE;
        }
        throw invalid("The member " + name + " is neither true nor false.", null);
    }

    Optional<Long> number(String name, Optional<Long> there) {
        JsonValue value = json.get(name);
        if (value == null || value == JsonValue.NULL) {
            return value == null ? there : Optional.empty();
        }
        try {
            return Optional.of(json.getJsonNumber(name).longValueExact());
        } catch (ClassCastException | ArithmeticException | UnsupportedOperationException e) {
            // The last one at thousands of digits, which are not even looked at.
            throw invalid("The member " + name + " is not a whole number.", e);
        }
    }

    /** A time with its offset (RFC 3339). */
    Optional<Instant> instant(String name, Optional<Instant> there) {
        if (!json.containsKey(name)) {
            return there;
        }
        try {
            return text(name, Optional.empty())
                    .map(text -> OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw invalid("The member " + name + " is not a time like 2027-01-31T12:00:00Z.", e);
        }
    }

    private static HoldfastException invalid(String sentence, @Nullable Throwable cause) {
        return cause == null
                ? HoldfastException.of(FailureKind.INVALID, "invalid-parameter", sentence)
                : HoldfastException.of(FailureKind.INVALID, "invalid-parameter", sentence, cause);
    }
}
