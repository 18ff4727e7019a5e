package org.holdfast.storage.cluster;

import java.util.Optional;
import java.util.UUID;
import org.holdfast.contract.NodeReport;
import org.holdfast.storage.store.BlobStore;
import org.holdfast.storage.store.Space;

/** What this node says of itself. */
public final class SelfReport {
    /** No change of the catalog is applied yet. */
    private static final long NOTHING_APPLIED = 0;

    private final Membership membership;
    private final BlobStore store;
    private final DiskWatch disk;
    private final String bootId = UUID.randomUUID().toString();

    public SelfReport(Membership membership, BlobStore store, DiskWatch disk) {
        this.membership = membership;
        this.store = store;
        this.disk = disk;
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
                        NOTHING_APPLIED,
                        Optional.of(disk.complaint()).filter(text -> !text.isEmpty()),
                        disk.lookedMillisAgo()));
    }
}
