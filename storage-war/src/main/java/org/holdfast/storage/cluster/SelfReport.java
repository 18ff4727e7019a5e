package org.holdfast.storage.cluster;

import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.holdfast.contract.NodeReport;
import org.holdfast.storage.store.BlobStore;
import org.holdfast.storage.store.Space;

/** What this node says of itself. */
public final class SelfReport {
    private final Membership membership;
    private final BlobStore store;
    private final DiskWatch disk;
    private final LongSupplier appliedSeq;
    private final String bootId = UUID.randomUUID().toString();

    /**
     * Puts the report together from these.
     *
     * @param appliedSeq number of the last change of the catalog that this node has applied
     */
    public SelfReport(Membership membership, BlobStore store, DiskWatch disk, LongSupplier appliedSeq) {
        this.membership = membership;
        this.store = store;
        this.disk = disk;
        this.appliedSeq = appliedSeq;
    }

    /** How it is now. Never waits for the disk. */
    public NodeReport now() {
        Space space = store.space();
        return new NodeReport(
                membership.identity().name(),
                membership.diskUuid().toString(),
                new NodeReport.Room(space.capacityBytes(), space.usedBytes(), space.freeBytes()),
                new NodeReport.State(
                        bootId,
                        appliedSeq.getAsLong(),
                        Optional.of(disk.complaint()).filter(text -> !text.isEmpty()),
                        disk.lookedMillisAgo()));
    }
}
