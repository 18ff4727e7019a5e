package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.logging.Logger;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JoinReply;
import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.SecretKeys;
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
    SecretKeys keys;

    @Inject
    Membership membership;

    /** Idempotent; the caller has checked the join token or the call's signature. */
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
        return new JoinReply(keys.lines(), membership.masters());
    }
}
