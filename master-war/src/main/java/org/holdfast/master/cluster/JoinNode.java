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

    @Inject
    FindTwin twins;

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
            throw refused(request, "node-answers", why);
        });
        return join(request);
    }

    /**
     * Idempotent; the caller has checked the call's signature.
     *
     * @throws HoldfastException CONFLICT {@code node-twice} when the node is at another address; as {@link
     *     NodeRegister#join}
     */
    public JoinReply join(JoinRequest request) {
        String name = request.report().name();
        view.byName(name)
                .filter(known -> known.diskUuid().equals(request.report().diskUuid())
                        && !known.url().equals(request.url()))
                .ifPresent(known -> requireMoved(known, request));
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

    /**
     * A node may come back at another address, once it is not at the old one any more. A process that was refused because
     * there were two of it does not slip in while the other one is started anew: it is known for a while, and comes from
     * an older state of the disk.
     */
    private void requireMoved(NodeView known, JoinRequest request) {
        String two = "The node " + known.name() + " is at " + known.url()
                + ", and this is another process with a copy of its disk (process "
                + request.report().state().bootId() + "). Stop the one that is not to stay;"
                + " start this one anew if it is this one that stays.";
        switch (twins.at(known, request)) {
            case TWIN -> throw refused(request, "node-twice", two);
            case UNCLEAR -> {
                if (known.answers()) {
                    // A move whose old address drops packets: once the node is down, the next try succeeds.
                    throw HoldfastException.of(
                            FailureKind.CONFLICT,
                            "node-twice",
                            "The node " + known.name() + " was heard at " + known.url()
                                    + " a moment ago; it can move when it is not there any more.");
                }
            }
            case NOBODY -> {}
        }
        if (register.wasRefused(request, two)) {
            throw HoldfastException.of(FailureKind.CONFLICT, "node-twice", two);
        }
    }

    private HoldfastException refused(JoinRequest request, String code, String why) {
        Contention.retryRun(() -> register.noteRefusal(request, why));
        return HoldfastException.of(FailureKind.CONFLICT, code, why);
    }
}
