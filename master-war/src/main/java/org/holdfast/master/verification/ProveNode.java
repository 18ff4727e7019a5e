package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.holdfast.master.cluster.NodeLife;
import org.holdfast.master.cluster.NodeMustProve;

/** Lets every node pass whose disk is its own, which the heartbeat has seen. */
@ApplicationScoped
public class ProveNode {
    @Inject
    NodeLife life;

    @Inject
    Executor executor;

    void onProof(@Observes NodeMustProve node) {
        executor.execute(() -> life.proved(node.nodeId(), Optional.empty()));
    }
}
