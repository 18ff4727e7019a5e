package org.holdfast.contract;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which members were removed, and when: certificates that were made out to them until then are good for nothing any more.
 * Masters tell storage nodes with each heartbeat.
 *
 * @param since time of the last removal, by role and name as {@link CertifiedName#toString} has them ({@code worker w2})
 */
public record RemovedMembers(Map<String, Instant> since) {
    public static final RemovedMembers NONE = new RemovedMembers(Map.of());

    public RemovedMembers {
        since = Map.copyOf(since);
    }

    /**
     * Refuses a certificate from before its holder was removed.
     *
     * @param shown the certificate of the connection, if any
     * @throws HoldfastException FORBIDDEN {@code certificate-removed}
     */
    public void refuse(Optional<CertifiedName> shown) {
        if (shown.isEmpty() || since.isEmpty()) {
            return;
        }
        CertifiedName holder = shown.get();
        Instant removed = since.get(holder.toString());
        if (removed != null && !holder.madeAt().isAfter(removed)) {
            throw refusal(holder.toString(), holder.name(), removed);
        }
    }

    /** The refusal of a certificate from before its holder was removed. */
    public static HoldfastException refusal(String holder, String name, Instant removed) {
        return HoldfastException.of(
                FailureKind.FORBIDDEN,
                "certificate-removed",
                "The " + holder + " was removed at " + removed + ", and this certificate is older; make another one"
                        + " (setup/certificates renew " + name + ").");
    }

    public JsonObject toJson() {
        var json = JsonText.object();
        since.forEach((holder, removed) -> json.add(holder, removed.toString()));
        return json.build();
    }

    public static RemovedMembers fromJson(JsonObject json) {
        var since = new TreeMap<String, Instant>();
        json.forEach((holder, removed) -> since.put(holder, Instant.parse(((JsonString) removed).getString())));
        return new RemovedMembers(since);
    }
}
