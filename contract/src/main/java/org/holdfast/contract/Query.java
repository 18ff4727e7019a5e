package org.holdfast.contract;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A request's query, parsed once. The container's own parser would also swallow bodies of forms. */
public final class Query {
    private final Map<String, String> parameters = new HashMap<>();

    private Query() {}

    /** Reads a raw query; INVALID {@code invalid-parameter} where it is not percent-encoded correctly. */
    public static Query parse(@Nullable String raw) {
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

    /** Refuses what nobody would look at: INVALID {@code invalid-parameter} that names it. */
    public Query requireKnown(Set<String> known) {
        List<String> unknown = parameters.keySet().stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .toList();
        if (!unknown.isEmpty()) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "Not known here: the parameter " + String.join(", ", unknown) + ". "
                            + (known.isEmpty()
                                    ? "There are none."
                                    : "There is " + String.join(", ", new TreeSet<>(known)) + "."));
        }
        return this;
    }

    /** The value, white space included: files may be called so. Empty is as good as not told. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
    }

    /** Comma-separated names. */
    public Set<String> names(String name) {
        return text(name).map(list -> Set.copyOf(List.of(list.split(",")))).orElse(Set.of());
    }

    /** A number within bounds, or the default when it is not told. */
    public long number(String name, long fallback, long least, long most) {
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
