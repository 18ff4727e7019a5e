package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.util.Optional;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.database.Contention;

/**
 * Takes nodes from status to status. The catalog first, so that all masters see the same, then this master's view, then
 * whoever has to act on it. To be called without a transaction.
 */
@ApplicationScoped
public class NodeLife {
    @Inject
    TurnStatus turnStatus;

    @Inject
    ClusterView view;

    @Inject
    RefreshView refreshView;

    @Inject
    Event<NodeMustProve> mustProve;

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

    /** The last leader's end says nothing about a node that was proving itself: it begins anew. */
    void takeOver() {
        // What the last leader wrote may be younger than this view.
        refreshView.refresh();
        view.nodes().stream().filter(NodeView::mustProve).forEach(node -> mustProve.fire(new NodeMustProve(node.id())));
    }

    void notice(long nodeId, Finding finding) {
        boolean proves = Contention.retry(() -> turnStatus.turn(nodeId, finding));
        refreshView.refresh();
        if (proves) {
            mustProve.fire(new NodeMustProve(nodeId));
        }
    }
}
