package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.logging.Logger;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JoinReply;
import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.MasterKeys;
import org.holdfast.master.database.Contention;

/** Welcomes a storage node: registers it and makes it known to this master at once. */
@ApplicationScoped
public class JoinNode {
    private static final Logger LOG = Logger.getLogger(JoinNode.class.getName());

    @Inject
    NodeRegister register;

    @Inject
    ClusterView view;

    @Inject
    RefreshView refreshView;

    @Inject
    MasterKeys keys;

    @Inject
    Membership membership;

    /**
     * As {@link #join}, for somebody who has nothing but the join token. A node that is there has a key of its own: who
     * comes under its name and without it, while it answers, is somebody else.
     *
     * @throws HoldfastException CONFLICT {@code node-answers}
     */
    public JoinReply joinByToken(JoinRequest request) {
        String name = request.report().name();
        view.byName(name).filter(NodeView::answers).ifPresent(known -> {
            String why = "The node " + name + " is there and answers; it does not need the join token.";
            Contention.retryRun(() -> register.noteRefusal(request, why));
            throw HoldfastException.of(FailureKind.CONFLICT, "node-answers", why);
        });
        return join(request);
    }

    /** Idempotent; the caller has checked the call's signature. */
    public JoinReply join(JoinRequest request) {
        String name = request.report().name();
        boolean isNew = view.byName(name).isEmpty();
        try {
            Contention.retryRun(() -> register.join(request));
        } catch (HoldfastException e) {
            Contention.retryRun(() -> register.noteRefusal(request, e.sentence()));
            throw e;
        }
        refreshView.refresh();
        LOG.info(() -> "node " + name + (isNew ? " joined from " : " announced itself at ") + request.url());
        return new JoinReply(keys.ofNode(name, request.report().diskUuid()).lines(), membership.masters());
    }
}
