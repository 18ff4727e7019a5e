package org.holdfast.storage.cluster;

import java.util.Optional;
import java.util.UUID;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.NodeReport;
import org.holdfast.storage.store.BlobStore;
import org.holdfast.storage.store.Space;

/** What this node says of itself. Thread-safe. */
public final class SelfReport {
    /** No change of the catalog is applied yet. */
    private static final long NOTHING_APPLIED = 0;

    private final Membership membership;
    private final BlobStore store;
    private final DiskWatch disk;
    private final String bootId = UUID.randomUUID().toString();
    private volatile Space space;

    public SelfReport(Membership membership, BlobStore store, DiskWatch disk) {
        this.membership = membership;
        this.store = store;
        this.disk = disk;
        this.space = store.space();
    }

    /** How it is now. A disk that is known to fail is not asked. */
    public NodeReport now() {
        String fault = disk.complaint();
        if (fault.isEmpty()) {
            try {
                space = store.space();
            } catch (HoldfastException e) {
                fault = e.sentence();
            }
        }
        Space known = space;
        return new NodeReport(
                membership.identity().name(),
                membership.diskUuid().toString(),
                new NodeReport.Room(known.capacityBytes(), known.usedBytes(), known.freeBytes()),
                new NodeReport.State(
                        bootId,
                        NOTHING_APPLIED,
                        Optional.of(fault).filter(text -> !text.isEmpty()),
                        disk.lookedMillisAgo()));
    }
}
