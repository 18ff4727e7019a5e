package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeView;

/** Carries out the scrubs that somebody asked for, one after the other, node by node. A new leader goes on with them. */
@ApplicationScoped
public class ScrubOnDemand {
    private static final Logger LOG = Logger.getLogger(ScrubOnDemand.class.getName());

    private final AtomicBoolean isUnderWay = new AtomicBoolean();

    @Inject
    ScrubRequests requests;

    @Inject
    ClusterView cluster;

    @Inject
    Leadership leadership;

    @Inject
    HeldCopies copies;

    @Inject
    ScrubBatch batch;

    @Inject
    CheckRecords records;

    @Inject
    ScrubConfig config;

    @Inject
    CheckThreads threads;

    /** Begins with the oldest one, unless one is under way. Returns at once. */
    public void beat() {
        if (leadership.isLeader() && isUnderWay.compareAndSet(false, true)) {
            Optional<ScrubRequests.Request> next = Optional.empty();
            try {
                next = requests.oldest();
                next.ifPresent(request -> threads.executor().execute(() -> work(request)));
            } finally {
                if (next.isEmpty()) {
                    isUnderWay.set(false);
                }
            }
        }
    }

    private void work(ScrubRequests.Request request) {
        try {
            carryOut(request);
        } catch (HoldfastException e) {
            LOG.info(() -> "the scrub " + request.id() + " pauses: " + e);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> "the scrub " + request.id() + " failed; it begins again where it was");
        } finally {
            isUnderWay.set(false);
        }
    }

    private void carryOut(ScrubRequests.Request request) {
        var position = Position.parse(request.position());
        if (request.position().isEmpty()) {
            records.turn(request.id(), CheckRecords.Phase.DIGESTS);
        }
        List<NodeView> nodes = cluster.nodes().stream()
                .filter(node -> request.nodeId().isEmpty() || request.nodeId().get() == node.id())
                .sorted(Comparator.comparing(NodeView::id))
                .toList();
        StringBuilder skipped = new StringBuilder();
        for (NodeView node : nodes) {
            if (node.id() >= position.nodeId) {
                String after = node.id() == position.nodeId ? position.blob : "";
                if (!isRead(node, request, after)) {
                    skipped.append(' ').append(node.name());
                }
            }
        }
        if (leadership.isLeader()) {
            CheckRecords.State outcome = records.outcome(request.id());
            String done = outcome == CheckRecords.State.PASSED
                    ? "All copies that were read are right."
                    : "Bad copies were found.";
            records.end(
                    request.id(),
                    outcome,
                    skipped.isEmpty()
                            ? done
                            : done + " Not, or not wholly, read, since they can't be read now:" + skipped + ".");
        }
    }

    /** Whether all of a node's copies were read; not when it could not be read, or went away meanwhile. */
    private boolean isRead(NodeView node, ScrubRequests.Request request, String from) {
        BooleanSupplier isWanted = () -> leadership.isLeader()
                && cluster.byId(node.id()).filter(NodeView::canRead).isPresent();
        try {
            String after = from;
            while (isWanted.getAsBoolean()) {
                List<HeldCopy> page = copies.page(node.id(), request.scope(), after);
                if (page.isEmpty()) {
                    return true;
                }
                List<HeldCopy> next = ScrubBatch.of(page, config.bytesPerSecond());
                after = next.get(next.size() - 1).blob().value();
                batch.check(node, request.id(), next, new Position(node.id(), after).toString());
            }
        } catch (IOException e) {
            LOG.info(() -> "the scrub " + request.id() + " leaves out " + node.name() + ": " + e);
        }
        return false;
    }

    /** Behind which copy on which node a scrub goes on; in the order of the nodes' keys. */
    private record Position(long nodeId, String blob) {
        static Position parse(String text) {
            String[] parts = text.split(":", -1);
            return parts.length == 2 ? new Position(Long.parseLong(parts[0]), parts[1]) : new Position(-1, "");
        }

        @Override
        public String toString() {
            return nodeId + ":" + blob;
        }
    }
}
