package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.replication.ReplicaState;

/** Restores the copies on a returning node that were found bad, from good copies elsewhere. */
@ApplicationScoped
public class HealCopies {
    @Inject
    NodeTalk talk;

    @Inject
    HeldCopies copies;

    @Inject
    RecordProofs record;

    @Inject
    VerifyConfig config;

    @Inject
    Clock clock;

    /**
     * Has the copies that turned bad since {@code begun} taken away and made anew, and waits for them.
     *
     * @return why it did not work; empty when all are good again
     */
    Optional<String> heal(NodeView node, Instant begun, Rounds rounds) {
        for (ReplicaState state : List.of(ReplicaState.CORRUPT, ReplicaState.LOST)) {
            String after = "";
            List<HeldCopy> page = copies.page(node.id(), state, after);
            while (!page.isEmpty()) {
                List<HeldCopy> fresh = page.stream()
                        .filter(copy -> !copy.changedAt().isBefore(begun))
                        .toList();
                fresh.forEach(copy -> rounds.ask(() -> {
                    talk.quarantine(
                            node, copy.blob(), "It was found bad when this node returned; a good copy is made.");
                    return true;
                }));
                record.repair(node, fresh);
                after = page.get(page.size() - 1).blob().value();
                page = copies.page(node.id(), state, after);
            }
        }
        return await(node, begun, rounds);
    }

    private Optional<String> await(NodeView node, Instant begun, Rounds rounds) {
        long least = Long.MAX_VALUE;
        Instant progress = clock.instant();
        for (long bad = copies.badSince(node.id(), begun); bad > 0; bad = copies.badSince(node.id(), begun)) {
            if (bad < least) {
                least = bad;
                progress = clock.instant();
            } else if (!clock.instant().isBefore(progress.plus(config.healPatience()))) {
                return Optional.of(bad + " bad copies could not be restored: see why with holdfast tasks.");
            }
            rounds.requireWanted();
            rounds.rest();
        }
        return Optional.empty();
    }
}
