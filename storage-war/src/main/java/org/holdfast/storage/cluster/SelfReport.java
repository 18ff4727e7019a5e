package org.holdfast.storage.cluster;

import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.NodeReport;
import org.holdfast.storage.store.BlobStore;
import org.holdfast.storage.store.Space;

/** What this node says of itself. Thread-safe. */
public final class SelfReport {
    private final Membership membership;
    private final BlobStore store;
    private final DiskWatch disk;
    private final LongSupplier appliedSeq;
    private final Supplier<NodeReport.Traffic> traffic;
    private final String bootId = UUID.randomUUID().toString();
    private volatile Space space;

    /**
     * Puts the report together from these.
     *
     * @param appliedSeq number of the last change of the catalog that this node has applied
     * @param traffic what it has carried for clients
     */
    public SelfReport(
            Membership membership,
            BlobStore store,
            DiskWatch disk,
            LongSupplier appliedSeq,
            Supplier<NodeReport.Traffic> traffic) {
        this.membership = membership;
        this.store = store;
        this.disk = disk;
        this.space = store.space();
        this.appliedSeq = appliedSeq;
        this.traffic = traffic;
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
                        appliedSeq.getAsLong(),
                        Optional.of(fault).filter(text -> !text.isEmpty()),
                        disk.lookedMillisAgo()),
                Optional.of(traffic.get()));
    }
}
