package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.InventoryPage;
import org.holdfast.master.cluster.NodeView;

/**
 * Compares what lies on a node's disk with what the catalog says should be there. What should not be there goes into
 * quarantine, unless it is the catalog that may lack something; what is damaged is told.
 */
@ApplicationScoped
public class CompareInventory {
    /** A blob that is younger may be on its way into the catalog. */
    static final Duration YOUNG = Duration.ofHours(1);

    @Inject
    NodeTalk talk;

    @Inject
    HeldCopies copies;

    @Inject
    NoticeGap gaps;

    @Inject
    Clock clock;

    /**
     * What one page has shown.
     *
     * @param findings blobs that the catalog does not know there, and files that are no blobs; in quarantine now, but
     *     for blobs that are older than a gap of the catalog
     * @param damaged copies that should be there and have no sidecar or another length than it says
     * @param next where the next page begins; empty when this was the last one
     */
    record Page(List<CheckRecords.Finding> findings, List<HeldCopy> damaged, Optional<String> next) {}

    /** One page, from behind a blob id. */
    Page page(NodeView node, String after) throws IOException {
        InventoryPage there = talk.inventory(node, after);
        List<BlobId> ids = there.items().stream().map(InventoryPage.Item::blob).toList();
        Set<String> known = copies.known(node.id(), ids);
        List<CheckRecords.Finding> findings = new ArrayList<>();
        there.strangers()
                .forEach(name -> findings.add(new CheckRecords.Finding(node.id(), Wrong.STRANGER, name, null)));
        Optional<Instant> keptBefore = gaps.keptBefore(node);
        Instant old = clock.instant().minus(YOUNG);
        for (BlobId id : ids) {
            if (!known.contains(id.value()) && id.createdAt().isBefore(old)) {
                if (keptBefore.filter(id.createdAt()::isBefore).isEmpty()) {
                    talk.quarantine(node, id, "The catalog knows of no copy of this blob here.");
                }
                findings.add(new CheckRecords.Finding(node.id(), Wrong.UNKNOWN, id.value(), null));
            }
        }
        List<BlobId> broken = there.items().stream()
                .filter(item -> !item.whole() && known.contains(item.blob().value()))
                .map(InventoryPage.Item::blob)
                .toList();
        return new Page(findings, copies.again(node.id(), broken), there.next().map(BlobId::value));
    }
}
