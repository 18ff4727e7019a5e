package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.CaughtUp;
import org.holdfast.master.catalog.NumberChanges;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.replication.ReplicaState;

/**
 * Has one node prove what it holds: it applies the changes that it missed, or is compared with the catalog as a whole
 * where the change log does not reach back; then it is challenged for the digests of its copies. One page of copies is in
 * memory at a time.
 */
@ApplicationScoped
public class ReturnCheck {
    /** A process that was away for longer has missed scrubs, and who knows what else. */
    private static final Duration SHORT = Duration.ofHours(1);

    /** What was under way when a node was last heard. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(10);

    /** Copies that the reason of a failure names. */
    private static final int NAMED = 3;

    @Inject
    NodeTalk talk;

    @Inject
    HeldCopies copies;

    @Inject
    JudgeCopies judge;

    @Inject
    RecordProofs record;

    @Inject
    CheckRecords records;

    @Inject
    CompareInventory inventory;

    @Inject
    HealCopies healCopies;

    @Inject
    NumberChanges numbers;

    @Inject
    VerifyConfig config;

    @Inject
    CheckThreads threads;

    @Inject
    Clock clock;

    /** What a pass over copies has found. */
    private static final class Tally {
        private long looked;
        private long wrong;
        private final List<String> names = new ArrayList<>();

        void add(int count, List<BlobId> found) {
            looked += count;
            wrong += found.size();
            found.stream().limit(Math.max(0, NAMED - names.size())).forEach(blob -> names.add(blob.value()));
        }

        String sentence() {
            return wrong + " of " + looked + " copies are bad or missing, among them the blobs "
                    + String.join(", ", names) + ".";
        }
    }

    /**
     * What is under way.
     *
     * @param id of its record
     * @param begun as exact as the catalog: what is found bad from now on is told apart by it
     */
    private record Run(NodeView node, Mode mode, String id, Instant begun, Rounds rounds) {
        /** From when on a copy may have changed while the node was away. */
        Instant since() {
            return node.condition().seen().awaySince().orElseThrow().minus(UNDER_WAY);
        }
    }

    /**
     * Runs the whole check; takes as long as reading the disk does, or no time where the node was merely slow.
     *
     * @param isWanted asked between all rounds
     * @return what was found wrong, one sentence; empty when the node has passed
     * @throws CheckEnded when it could not be brought to an end
     */
    Optional<String> run(NodeView node, BooleanSupplier isWanted) {
        Mode mode = mode(node);
        var subject =
                new CheckRecords.Subject(CheckRecords.Kind.RETURN, Optional.of(node.id()), Scope.EVERYTHING, mode);
        HeldCopies.Extent extent = mode == Mode.CHANGES ? HeldCopies.Extent.UNKNOWN : copies.expected(node.id());
        String id = records.begin(subject, CheckRecords.State.RUNNING, extent);
        var run = new Run(
                node, mode, id, clock.instant().truncatedTo(ChronoUnit.MICROS), new Rounds(isWanted, threads.rest()));
        try {
            return run(run, extent);
        } catch (CheckEnded e) {
            records.end(id, CheckRecords.State.INTERRUPTED, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private Optional<String> run(Run run, HeldCopies.Extent extent) {
        NodeView node = run.node;
        catchUp(node, run.id, run.rounds);
        records.turn(run.id, CheckRecords.Phase.DIGESTS);
        Tally tally = pass(run, copy -> true, toRead(run, extent));
        Optional<String> wrong = tally.wrong == 0 ? Optional.empty() : Optional.of(tally.sentence());
        if (wrong.isPresent() && node.terms().heal().orElse(config.heal()) == NodeView.Heal.AUTO) {
            records.turn(run.id, CheckRecords.Phase.HEAL);
            wrong = healCopies.heal(node, run.begun, run.rounds);
            if (wrong.isEmpty()) {
                Tally again = pass(run, copy -> copy.changedAt().compareTo(run.begun) >= 0, copy -> true);
                wrong = again.wrong == 0 ? Optional.empty() : Optional.of(again.sentence());
            }
        }
        records.end(
                run.id,
                wrong.isEmpty() ? CheckRecords.State.PASSED : CheckRecords.State.FAILED,
                wrong.orElse(
                        tally.wrong == 0
                                ? "All " + tally.looked + " copies are right."
                                : tally.wrong + " bad copies were restored; all are right."));
        return wrong;
    }

    /** A node that was never in use has no time from which on to look. */
    private Mode mode(NodeView node) {
        var seen = node.condition().seen();
        if (seen.isProved()
                && seen.awaySince()
                        .filter(away -> clock.instant().isBefore(away.plus(SHORT)))
                        .isPresent()) {
            return Mode.CHANGES;
        }
        boolean wasSeen = seen.awaySince().isPresent();
        return config.mode() == Mode.SINCE_LAST_SEEN && !wasSeen ? Mode.FULL : config.mode();
    }

    private void catchUp(NodeView node, String id, Rounds rounds) {
        boolean more = true;
        while (more) {
            more = numbers.number();
        }
        long head = numbers.head();
        CaughtUp reached = rounds.ask(() -> talk.catchUp(node, head));
        while (!reached.mustReconcile() && reached.appliedSeq() < head) {
            rounds.rest();
            reached = rounds.ask(() -> talk.catchUp(node, head));
        }
        if (reached.mustReconcile()) {
            records.turn(id, CheckRecords.Phase.INVENTORY);
            Optional<String> after = Optional.of("");
            while (after.isPresent()) {
                String from = after.get();
                CompareInventory.Page page = rounds.ask(() -> inventory.page(node, from));
                if (!page.findings().isEmpty()) {
                    records.find(id, page.findings());
                }
                after = page.next();
            }
            rounds.ask(() -> {
                talk.reconciled(node, head);
                return true;
            });
        }
    }

    /** Which copies are read, and not only looked at. Those that are not known to be good are read in any mode. */
    private Predicate<HeldCopy> toRead(Run run, HeldCopies.Extent extent) {
        Predicate<HeldCopy> isDoubtful = copy -> copy.state() != ReplicaState.VERIFIED;
        return switch (run.mode) {
            case FULL, CHANGES -> copy -> true;
            case SINCE_LAST_SEEN -> {
                Instant away = run.node.condition().seen().awaySince().orElseThrow();
                yield isDoubtful.or(copy -> copy.isSince(away.minus(config.margin())));
            }
            case SAMPLE -> isDoubtful.or(new Sample(extent.copies()));
        };
    }

    private List<HeldCopy> page(Run run, ReplicaState state, String after) {
        return run.mode == Mode.CHANGES && state == ReplicaState.VERIFIED
                ? copies.changed(run.node.id(), state, run.since(), after)
                : copies.page(run.node.id(), state, after);
    }

    private Tally pass(Run run, Predicate<HeldCopy> which, Predicate<HeldCopy> toRead) {
        NodeView node = run.node;
        var tally = new Tally();
        for (ReplicaState state : HeldCopies.EXPECTED) {
            List<HeldCopy> page = page(run, state, "");
            while (!page.isEmpty()) {
                List<HeldCopy> batch = JudgeCopies.batch(page, JudgeCopies.MAX_BATCH_BYTES);
                String after = batch.get(batch.size() - 1).blob().value();
                List<HeldCopy> chosen = batch.stream().filter(which).toList();
                if (!chosen.isEmpty()) {
                    List<Judged> judged = run.rounds.ask(() -> judge.judge(node, chosen, toRead, 0));
                    run.rounds.requireWanted();
                    List<Judged> news =
                            judged.stream().filter(one -> !isExcused(node, one)).toList();
                    tally.add(
                            chosen.size(),
                            record.record(node, RecordProofs.Batch.of(run.id, news, chosen, after), false));
                }
                page = page(run, state, after);
            }
        }
        return tally;
    }

    /** A copy that the cluster knew to be bad while the node was in use is being repaired and says nothing new of it. */
    private static boolean isExcused(NodeView node, Judged judged) {
        return judged.isOldNews()
                && node.condition()
                        .seen()
                        .awaySince()
                        .filter(away -> judged.copy().changedAt().isBefore(away))
                        .isPresent();
    }
}
