package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.master.catalog.CatalogGaps;
import org.holdfast.master.catalog.NumberChanges;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.Contention;

/**
 * Notices that nodes are ahead of the catalog. Numbers of changes only grow, and nodes apply what a catalog has given them: a
 * node that has applied a later change than there is shows that the catalog was restored from an older state. Blobs of
 * files that were put in between are then on the disks and unknown.
 */
@ApplicationScoped
public class NoticeGap {
    private static final Logger LOG = Logger.getLogger(NoticeGap.class.getName());

    @Inject
    ClusterView cluster;

    @Inject
    NumberChanges numbers;

    @Inject
    NodeTalk talk;

    @Inject
    CatalogGaps gaps;

    /** Looks at what the nodes have last said. Leader only; for a beat. */
    public void beat() {
        for (NodeView node :
                cluster.nodes().stream().filter(NodeView::canTakeRepairs).toList()) {
            try {
                compare(node, node.condition().heard().appliedSeq());
            } catch (IOException e) {
                LOG.log(Level.INFO, e, () -> node.name() + " could not be told where the catalog ends");
            }
        }
    }

    /**
     * Before which moment a blob on this node must have been made that is kept although the catalog does not know it; empty
     * when the catalog lacks nothing. Asks the node: it may not have been heard since the catalog was restored.
     */
    Optional<Instant> keptBefore(NodeView node) throws IOException {
        compare(node, talk.catchUp(node, numbers.head()).appliedSeq());
        return gaps.gap().map(CatalogGaps.Gap::noticedAt);
    }

    /** The node then counts from the catalog's end on: changes that are made from now on have the same numbers. */
    private void compare(NodeView node, long appliedSeq) throws IOException {
        // Read after the node has said what it has: it may have got a change in between.
        long head = numbers.head();
        if (appliedSeq > head) {
            Contention.retryRun(() -> gaps.note(node, head, appliedSeq));
            talk.reconciled(node, head);
        }
    }
}
