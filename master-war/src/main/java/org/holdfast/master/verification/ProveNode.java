package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
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
 * be given again while it is under way begins anew; the outcome of the earlier one is then told to nobody.
 */
@ApplicationScoped
public class ProveNode {
    private static final Logger LOG = Logger.getLogger(ProveNode.class.getName());

    /** How many proofs each node has begun. */
    private final Map<Long, Long> begun = new ConcurrentHashMap<>();

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

    void onProof(@Observes NodeMustProve event) {
        long nodeId = event.nodeId();
        long run = begin(nodeId);
        threads.executor().execute(() -> prove(nodeId, run));
    }

    private synchronized long begin(long nodeId) {
        return begun.merge(nodeId, 1L, Long::sum);
    }

    private boolean isWanted(long nodeId, long run) {
        return begun.getOrDefault(nodeId, 0L) == run
                && leadership.isLeader()
                && view.byId(nodeId).filter(NodeView::mustProve).isPresent();
    }

    private void prove(long nodeId, long run) {
        boolean goesOn = isWanted(nodeId, run);
        while (goesOn) {
            goesOn = !isProved(nodeId, run) && isWanted(nodeId, run);
        }
    }

    /** False when this master failed at it and should begin again. */
    private boolean isProved(long nodeId, long run) {
        try {
            Optional<String> wrong =
                    check.run(view.byId(nodeId).orElseThrow(CheckEnded::notWanted), () -> isWanted(nodeId, run));
            tell(nodeId, run, wrong);
        } catch (CheckEnded e) {
            LOG.info(() -> "the proof of node " + nodeId + " ended: " + e.getMessage());
            if (e.isWanted()) {
                tell(nodeId, run, Optional.of(String.valueOf(e.getMessage())));
            }
        } catch (HoldfastException e) {
            LOG.log(Level.INFO, e, () -> "the proof of node " + nodeId + " ended");
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> "the proof of node " + nodeId + " failed; it begins again");
            return !pause();
        }
        return true;
    }

    /** Not while another one begins: that one's outcome would be taken for this one's. */
    private synchronized void tell(long nodeId, long run, Optional<String> wrong) {
        if (isWanted(nodeId, run)) {
            life.proved(nodeId, wrong);
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(1_000);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
