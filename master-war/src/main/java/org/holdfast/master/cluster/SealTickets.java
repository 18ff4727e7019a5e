package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.SecretKeys;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.Ticket;
import org.holdfast.contract.TicketSeal;

/** Makes tickets into texts, each for the one node that is to honour it. */
@ApplicationScoped
public class SealTickets {
    private static final String PURPOSE = "tickets";

    @Inject
    MasterKeys keys;

    @Inject
    ClusterView cluster;

    @Inject
    Clock clock;

    /** The ticket's text for this node. */
    public String seal(Ticket ticket, NodeView node) {
        TicketSeal seal = sealOf(node);
        return ticket.terms()
                .map(put -> seal.seal(ticket, keys.forPurpose(PURPOSE), partners(put)))
                .orElseGet(() -> seal.seal(ticket));
    }

    /**
     * A ticket that a node shows with a commit, whether it has expired or not.
     *
     * @throws HoldfastException FORBIDDEN {@code ticket-invalid} when no master has made it for this node
     */
    public Ticket openOwn(String text, NodeView node) {
        return sealOf(node).openOwn(text, keys.forPurpose(PURPOSE));
    }

    private TicketSeal sealOf(NodeView node) {
        return new TicketSeal(node.name(), ofNode(node), clock);
    }

    private SecretKeys ofNode(NodeView node) {
        return keys.ofNode(node.name(), node.diskUuid()).tickets();
    }

    /** One that has been removed meanwhile gets a seal that it does not know. */
    private List<SecretKeys> partners(PutTerms put) {
        return put.partners().stream()
                .map(TaskMessage.Member::name)
                .map(cluster::byName)
                .map((Optional<NodeView> node) -> node.map(this::ofNode).orElseGet(() -> keys.forPurpose("nobody")))
                .toList();
    }
}
