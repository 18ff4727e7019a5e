package org.holdfast.contract;

import jakarta.json.JsonObject;
import java.time.Duration;

/**
 * The lock under which a put is made, as its ticket tells it.
 *
 * @param token fencing number: the put is committed only while the lock still has it
 * @param lease how long the lock stands without being renewed, in whole seconds; the node that takes the bytes in renews it
 *     while they flow
 * @param proof by which masters know that the node which shows it takes these bytes in; empty before a node is chosen
 */
public record WriteLock(long token, Duration lease, String proof) {
    public WriteLock {
        if (token < 1 || lease.toSeconds() < 1) {
            throw new IllegalArgumentException("a lock has a token from 1 and a lease of a second at least");
        }
    }

    /** A lock that no node holds yet. */
    public WriteLock(long token, Duration lease) {
        this(token, lease, "");
    }

    /** The same, for the node that can show this proof. */
    public WriteLock heldBy(String nodesProof) {
        return new WriteLock(token, lease, nodesProof);
    }

    JsonObject toJson() {
        return JsonText.object()
                .add("token", token)
                .add("lease", lease.toSeconds())
                .add("proof", proof)
                .build();
    }

    static WriteLock fromJson(JsonObject json) {
        return new WriteLock(
                json.getJsonNumber("token").longValueExact(),
                Duration.ofSeconds(json.getJsonNumber("lease").longValueExact()),
                json.getString("proof"));
    }
}
