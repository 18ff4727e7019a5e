package org.holdfast.storage.cluster;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.HoldfastException;

/**
 * The blobs whose fate is being decided at this moment, each by one thread. Without it a refusal that one request got
 * could remove a blob that another request has just had committed. Nobody waits: the second is told to come back.
 */
public final class Undecided {
    private final Set<BlobId> blobs = ConcurrentHashMap.newKeySet();

    /**
     * Decides about a blob while nobody else does.
     *
     * @param decision promotes or removes the blob, or leaves it
     * @return what it returned
     * @throws HoldfastException UNAVAILABLE {@code busy} while somebody else decides
     */
    public <T> T alone(BlobId id, Supplier<T> decision) {
        if (!blobs.add(id)) {
            throw HoldfastException.comeBack(
                    "busy", "Another request for the same blob is being committed.", Duration.ofSeconds(1));
        }
        try {
            return decision.get();
        } finally {
            blobs.remove(id);
        }
    }
}
