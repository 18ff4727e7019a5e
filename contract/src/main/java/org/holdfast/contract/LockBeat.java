package org.holdfast.contract;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;

/**
 * A node tells a master of the locks of its uploads ({@code POST /internal/v1/locks}). Idempotent; a token that no lock has
 * any more is passed over.
 *
 * @param renew locks whose bytes are flowing
 * @param release locks whose uploads have ended without a commit; others may have the names at once
 */
public record LockBeat(List<Held> renew, List<Held> release) {
    /** Most locks of one beat; more than a node has uploads at a time. */
    public static final int MOST = 2_000;

    public LockBeat {
        renew = List.copyOf(renew);
        release = List.copyOf(release);
        if (renew.size() + release.size() > MOST) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "A node tells of at most " + MOST + " locks at a time.");
        }
    }

    /**
     * A lock under which the node takes bytes in.
     *
     * @param token of the {@link WriteLock}
     * @param proof of the {@link WriteLock}
     */
    public record Held(long token, String proof) {
        private JsonObject toJson() {
            return JsonText.object().add("token", token).add("proof", proof).build();
        }

        private static Held fromJson(JsonObject json) {
            return new Held(json.getJsonNumber("token").longValueExact(), json.getString("proof"));
        }
    }

    /** All locks that it tells of. */
    public Stream<Held> all() {
        return Stream.concat(renew.stream(), release.stream());
    }

    public JsonObject toJson() {
        return JsonText.object()
                .add("renew", array(renew))
                .add("release", array(release))
                .build();
    }

    private static JsonArrayBuilder array(List<Held> locks) {
        return JsonText.array(locks.stream().map(Held::toJson).toList());
    }

    public static LockBeat fromJson(JsonObject json) {
        return new LockBeat(held(json, "renew"), held(json, "release"));
    }

    private static List<Held> held(JsonObject json, String name) {
        return json.getJsonArray(name).getValuesAs(JsonObject.class).stream()
                .map(Held::fromJson)
                .toList();
    }
}
