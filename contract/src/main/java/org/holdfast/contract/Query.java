package org.holdfast.master.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.jspecify.annotations.Nullable;

/** A request's query, parsed once. The container's own parser would also swallow bodies of forms. */
final class Query {
    private final Map<String, String> parameters = new HashMap<>();

    private Query() {}

    static Query parse(@Nullable String raw) {
        var query = new Query();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                String[] parts = pair.split("=", 2);
                if (!parts[0].isEmpty()) {
                    query.parameters.put(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : "");
                }
            }
        }
        return query;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isBlank());
    }

    /** Comma-separated names. */
    Set<String> names(String name) {
        return text(name).map(list -> Set.copyOf(List.of(list.split(",")))).orElse(Set.of());
    }

    /** A number within bounds, or the default when it is not told. */
    long number(String name, long fallback, long least, long most) {
        Optional<String> told = text(name);
        if (told.isEmpty()) {
            return fallback;
        }
        try {
            long value = Long.parseLong(told.get());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw outside(name, least, most, e);
        }
        throw outside(name, least, most, null);
    }

    private static HoldfastException outside(String name, long least, long most, @Nullable Exception cause) {
        String sentence = "The parameter " + name + " must be a number from " + least + " to " + most + ".";
        return cause == null
                ? HoldfastException.of(FailureKind.INVALID, "invalid-parameter", sentence)
                : HoldfastException.of(FailureKind.INVALID, "invalid-parameter", sentence, cause);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "The query is not percent-encoded correctly.", e);
        }
    }
}
