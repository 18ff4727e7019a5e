package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeLife;
import org.holdfast.master.cluster.NodeMustProve;
import org.holdfast.master.cluster.NodeView;

/**
 * Has every node prove what it holds that has to, each on a thread of its own, and tells the outcome. Proof that has to
 * be given again while it is under way begins anew; the outcome of the earlier one is then told to nobody. A proof that
 * is interrupted is begun again when the node answers, with growing pauses.
 */
@ApplicationScoped
public class ProveNode {
    private static final Logger LOG = Logger.getLogger(ProveNode.class.getName());

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int DOUBLINGS = 6;
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /** How many proofs each node has begun. */
    private final Map<Long, Long> begun = new ConcurrentHashMap<>();

    /** How many proofs each node has begun since the last one that came to an end. */
    private final Map<Long, Integer> unfinished = new ConcurrentHashMap<>();

    @Inject
    ReturnCheck check;

    @Inject
    NodeLife life;

    @Inject
    ClusterView view;

    @Inject
    Leadership leadership;

    @Inject
    CheckThreads threads;

    @Inject
    Clock clock;

    void onProof(@Observes NodeMustProve event) {
        long nodeId = event.nodeId();
        long run = begin(nodeId);
        threads.executor().execute(() -> prove(nodeId, run));
    }

    private synchronized long begin(long nodeId) {
        return begun.merge(nodeId, 1L, Long::sum);
    }

    private boolean isWanted(long nodeId, long run) {
        return isOpen(nodeId, run) && leadership.isLeader();
    }

    /** Whether it is the node's last one, and the node still waits for its outcome. */
    private boolean isOpen(long nodeId, long run) {
        return begun.getOrDefault(nodeId, 0L) == run
                && view.byId(nodeId).filter(NodeView::mustProve).isPresent();
    }

    private void prove(long nodeId, long run) {
        boolean isProved = false;
        while (!isProved && isTurn(nodeId, run)) {
            isProved = isProved(nodeId, run);
        }
    }

    /**
     * Waits as long as the proofs that were interrupted before call for, and until this master leads: one that was late to
     * renew its lease, and finds it still its own, is not told of the proof again. False when nobody waits for this one then.
     */
    private boolean isTurn(long nodeId, long run) {
        Instant end = clock.instant().plus(pauseAfter(unfinished.getOrDefault(nodeId, 0)));
        try {
            while (isOpen(nodeId, run)
                    && (!leadership.isLeader() || clock.instant().isBefore(end))) {
                Thread.sleep(LOOK_EVERY.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return isWanted(nodeId, run);
    }

    /**
     * How long to wait after so many proofs in a row that came to no end: the first one is begun again at once, then
     * after 1 s, doubling to one minute, so that a node that can't bear its proof does not read its disk all the time.
     */
    static Duration pauseAfter(int unfinished) {
        if (unfinished <= 1) {
            return Duration.ZERO;
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(unfinished - 2, DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /** False when it came to no end. */
    private boolean isProved(long nodeId, long run) {
        unfinished.merge(nodeId, 1, Integer::sum);
        try {
            Optional<String> wrong =
                    check.run(view.byId(nodeId).orElseThrow(CheckEnded::notWanted), () -> isWanted(nodeId, run));
            tell(nodeId, run, () -> {
                life.proved(nodeId, wrong);
                unfinished.remove(nodeId);
            });
            return true;
        } catch (CheckEnded e) {
            LOG.info(() -> "the proof of node " + nodeId + " ended: " + e.getMessage());
            return e.isWanted() && isTold(nodeId, run, String.valueOf(e.getMessage()));
        } catch (HoldfastException e) {
            LOG.log(Level.INFO, e, () -> "the proof of node " + nodeId + " ended");
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> "the proof of node " + nodeId + " failed; it begins again");
        }
        return false;
    }

    /** Makes an interruption known, upon which the proof is to be given again. False when this run has to do it. */
    private boolean isTold(long nodeId, long run, String why) {
        try {
            tell(nodeId, run, () -> life.interrupted(nodeId, why));
            return true;
        } catch (RuntimeException e) {
            LOG.log(Level.INFO, e, () -> "that the proof of node " + nodeId + " was interrupted is not recorded");
            return false;
        }
    }

    /** Not while another one begins: that one's outcome would be taken for this one's. */
    private synchronized void tell(long nodeId, long run, Runnable outcome) {
        if (isWanted(nodeId, run)) {
            outcome.run();
        }
    }
}
