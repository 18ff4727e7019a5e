package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.SignedCall;

/** How masters and one storage node know each other's calls: by keys that only this node and masters have. */
@ApplicationScoped
public class CallNodes {
    @Inject
    MasterKeys keys;

    @Inject
    ClusterCall calls;

    @Inject
    Clock clock;

    /** Calls that the node takes for a master's. */
    public ClusterCall to(NodeView node) {
        return calls.signedBy(new SignedCall(
                node.name(), keys.ofNode(node.name(), node.diskUuid()).callsOfMasters(), clock));
    }

    /** Verifies what says that it comes from the node. */
    public SignedCall from(NodeView node) {
        return new SignedCall(
                node.name(), keys.ofNode(node.name(), node.diskUuid()).callsToMasters(), clock);
    }
}
