package org.holdfast.storage.cluster;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Landing;
import org.holdfast.contract.PutTerms;
import org.holdfast.storage.store.BlobStore;
import org.holdfast.storage.store.ReceiveBlob;

/**
 * Brings uploads to partners while they arrive, so that a put with a durability of k is acknowledged when k nodes have
 * the bytes on their disks. ADR 0024 tells why it is done here.
 */
public final class ForwardUploads {
    private final Membership membership;
    private final BlobStore store;
    private final ClusterCall calls;
    private final Patience patience;
    private final Set<BlobId> inHand = ConcurrentHashMap.newKeySet();

    public ForwardUploads(Membership membership, BlobStore store, Patience patience) {
        this.membership = membership;
        this.store = store;
        this.calls = ClusterCall.unsigned(patience.connect);
        this.patience = patience;
    }

    /**
     * Bounds on a partner.
     *
     * @param connect longest wait for a connection
     * @param stall longest time that its connection may take no byte, and, beside a second for every 50 MB, longest wait
     *     for its word that they are on the disk
     * @param withdraw longest wait for its answer when an upload is taken back
     */
    public record Patience(Duration connect, Duration stall, Duration withdraw) {
        private static final long SLOW_DISK_BYTES_PER_SECOND = 50_000_000;

        /** A node that is up takes bytes within milliseconds, even while its disk is flushing. */
        public static final Patience DEFAULT =
                new Patience(Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(5));

        Duration stall(long sizeBytes) {
            return stall.plusSeconds(Math.max(0, sizeBytes) / SLOW_DISK_BYTES_PER_SECOND);
        }
    }

    /** This node's word that a blob is on its own disk. */
    public Landing here(BlobFacts blob) {
        return new Landing(membership.identity().name(), blob);
    }

    /**
     * Begins to forward one upload: connects to as many partners as it needs, before a byte of it is read. An upload
     * that needs none is forwarded to nobody. The caller closes.
     *
     * @param ticket text of the upload's ticket
     * @throws HoldfastException UNAVAILABLE: {@code durability-unmet} when too few partners answer; {@code busy} while
     *     another request brings the same blob
     */
    public Forwarding begin(ReceiveBlob.Upload upload, String ticket) {
        int durability = upload.ticket().terms().map(PutTerms::durability).orElse(1);
        var partners = new Partners(membership, calls, patience, upload, ticket);
        if (durability == 1) {
            return new Forwarding(partners, store, durability, () -> {});
        }
        BlobId id = upload.ticket().blob().id();
        // Two requests for one blob could not tell which of them a partner's copy is from, and the one that fails would
        // take back the other's.
        if (!inHand.add(id)) {
            throw HoldfastException.comeBack(
                    "busy", "Another request brings the same blob at this moment.", Duration.ofSeconds(1));
        }
        var forwarding = new Forwarding(partners, store, durability, () -> inHand.remove(id));
        try {
            forwarding.connect();
            return forwarding;
        } catch (RuntimeException e) {
            forwarding.close();
            throw e;
        }
    }
}
