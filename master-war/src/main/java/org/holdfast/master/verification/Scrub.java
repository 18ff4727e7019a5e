package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.CaughtUp;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.catalog.NumberChanges;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeView;

/**
 * Reads every copy again before it is too old, slowly, on all nodes at once: the one that was verified longest ago comes
 * first. A round lasts as long as a copy may stay unread; it begins with a look at all that lies on the node's disk.
 */
@ApplicationScoped
public class Scrub {
    private static final Logger LOG = Logger.getLogger(Scrub.class.getName());

    private final Set<Long> underWay = ConcurrentHashMap.newKeySet();

    @Inject
    ClusterView cluster;

    @Inject
    Leadership leadership;

    @Inject
    HeldCopies copies;

    @Inject
    ScrubBatch batch;

    @Inject
    CompareInventory inventory;

    @Inject
    NodeTalk talk;

    @Inject
    NumberChanges numbers;

    @Inject
    CheckRecords records;

    @Inject
    ScrubConfig config;

    @Inject
    CheckThreads threads;

    @Inject
    Clock clock;

    /** Sets every node to work that is idle and has something due. Returns at once. */
    public void beat() {
        if (!config.isOn() || !leadership.isLeader()) {
            return;
        }
        for (NodeView node : cluster.nodes()) {
            if (node.canRead() && underWay.add(node.id())) {
                threads.executor().execute(() -> work(node));
            }
        }
    }

    private void work(NodeView node) {
        try {
            BooleanSupplier isWanted = () -> leadership.isLeader()
                    && cluster.byId(node.id()).filter(NodeView::canRead).isPresent();
            CheckRecords.Open round = round(node);
            if (round.phase() == CheckRecords.Phase.INVENTORY) {
                compare(node, round, isWanted);
            }
            readDue(node, round.id(), isWanted);
        } catch (IOException | HoldfastException e) {
            LOG.info(() -> "the scrub of " + node.name() + " pauses: " + e);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> "the scrub of " + node.name() + " failed; it goes on later");
        } finally {
            underWay.remove(node.id());
        }
    }

    /** The round that is under way, or a new one when its time is over. */
    private CheckRecords.Open round(NodeView node) {
        Optional<CheckRecords.Open> open = records.open(CheckRecords.Kind.SCRUB, node.id());
        if (open.isPresent() && !isOver(open.get())) {
            return open.get();
        }
        open.ifPresent(
                old -> records.end(old.id(), records.outcome(old.id()), "Its time is over; the next one begins."));
        var subject =
                new CheckRecords.Subject(CheckRecords.Kind.SCRUB, Optional.of(node.id()), Scope.EVERYTHING, Mode.FULL);
        HeldCopies.Extent extent = copies.verified(List.of(node.id()), Scope.EVERYTHING);
        String id = records.begin(subject, CheckRecords.State.RUNNING, extent);
        return new CheckRecords.Open(id, CheckRecords.Phase.INVENTORY, "", clock.instant());
    }

    private boolean isOver(CheckRecords.Open round) {
        return round.startedAt().plus(config.every()).isBefore(clock.instant());
    }

    private void compare(NodeView node, CheckRecords.Open round, BooleanSupplier isWanted) throws IOException {
        long head = numbers.head();
        boolean fromTheStart = round.position().isEmpty();
        Optional<String> after = Optional.of(round.position());
        while (after.isPresent() && isWanted.getAsBoolean()) {
            CompareInventory.Page page = inventory.page(node, after.get());
            batch.found(node, round.id(), page.findings());
            batch.check(node, round.id(), page.damaged(), after.get());
            after = page.next();
            records.advance(round.id(), 0, 0, after.orElse(""));
        }
        if (after.isEmpty()) {
            CaughtUp reached = talk.catchUp(node, head);
            if (reached.mustReconcile() && fromTheStart) {
                talk.reconciled(node, head);
            }
            records.turn(round.id(), CheckRecords.Phase.DIGESTS);
        }
    }

    private void readDue(NodeView node, String id, BooleanSupplier isWanted) throws IOException {
        boolean goesOn = isWanted.getAsBoolean();
        while (goesOn) {
            Instant notSince = clock.instant().minus(config.dueAfter());
            List<HeldCopy> due = ScrubBatch.of(copies.due(node.id(), notSince), config.bytesPerSecond());
            batch.check(node, id, due, "");
            goesOn = !due.isEmpty() && isWanted.getAsBoolean();
        }
    }
}
