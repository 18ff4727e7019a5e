package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.database.Contention;

/**
 * Takes nodes from status to status. The catalog first, so that all masters see the same, then this master's view. To be
 * called without a transaction.
 */
@ApplicationScoped
public class NodeLife {
    @Inject
    TurnStatus turnStatus;

    @Inject
    RefreshView refreshView;

    /**
     * The outcome of a node's proof. Ignored unless the node still has to prove what it holds; who proves drops a proof
     * that is under way when {@link NodeMustProve} comes again.
     *
     * @param wrong what was found wrong, one sentence; empty when the node has passed
     * @throws HoldfastException UNAVAILABLE {@code not-leader} when another master leads by now
     */
    public void proved(long nodeId, Optional<String> wrong) {
        notice(
                nodeId,
                wrong.map(sentence -> Finding.of(NodeStatus.Sign.FOUND_WRONG, sentence))
                        .orElseGet(() -> Finding.of(NodeStatus.Sign.PASSED, "It has proved what it holds.")));
    }

    /**
     * A node's proof could not be brought to an end although the node answers heartbeats; {@link NodeMustProve} comes
     * again. Ignored unless the node still has to prove what it holds.
     *
     * @param why one sentence
     * @throws HoldfastException UNAVAILABLE {@code not-leader} when another master leads by now
     */
    public void interrupted(long nodeId, String why) {
        notice(nodeId, Finding.of(NodeStatus.Sign.INTERRUPTED, why));
    }

    void notice(long nodeId, Finding finding) {
        Contention.retryRun(() -> turnStatus.turn(nodeId, finding));
        refreshView.refresh();
    }
}
