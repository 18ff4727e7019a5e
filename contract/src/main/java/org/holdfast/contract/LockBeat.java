package org.holdfast.contract;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.util.List;

/**
 * A node tells a master of the locks of its uploads ({@code POST /internal/v1/locks}). Idempotent; a token that no lock has
 * any more is passed over.
 *
 * @param renew tokens of locks whose bytes are flowing
 * @param release tokens of locks whose uploads have ended without a commit; others may have the names at once
 */
public record LockBeat(List<Long> renew, List<Long> release) {
    /** Most tokens of one beat; more than a node has uploads at a time. */
    public static final int MOST = 2_000;

    public LockBeat {
        renew = List.copyOf(renew);
        release = List.copyOf(release);
        if (renew.size() + release.size() > MOST) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "A node tells of at most " + MOST + " locks at a time.");
        }
    }

    public JsonObject toJson() {
        return JsonText.object()
                .add("renew", JsonText.array(renew))
                .add("release", JsonText.array(release))
                .build();
    }

    public static LockBeat fromJson(JsonObject json) {
        return new LockBeat(numbers(json, "renew"), numbers(json, "release"));
    }

    private static List<Long> numbers(JsonObject json, String name) {
        return json.getJsonArray(name).getValuesAs(JsonNumber::longValueExact);
    }
}
