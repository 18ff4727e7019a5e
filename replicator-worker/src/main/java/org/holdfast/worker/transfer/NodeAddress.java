package org.holdfast.worker.transfer;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.TaskMessage.Member;
import org.holdfast.contract.Ticket;
import org.holdfast.contract.TicketSeal;

/** Where a task's blob is reached on a node, with a ticket that the worker makes itself: it holds the cluster's key. */
final class NodeAddress {
    private final TicketSeal seal;
    private final Clock clock;
    private final Duration ticketLife;

    NodeAddress(TicketSeal seal, Clock clock, Duration ticketLife) {
        this.seal = seal;
        this.clock = clock;
        this.ticketLife = ticketLife;
    }

    URI withTicket(Member member, Ticket.Operation operation, TaskMessage task) {
        var ticket = new Ticket(
                operation,
                task.blob(),
                task.address(),
                "application/octet-stream",
                clock.instant().plus(ticketLife),
                Optional.empty());
        return URI.create(member.url() + "/blobs/" + task.blob().id() + "?ticket=" + seal.seal(ticket));
    }

    static URI internal(Member member, TaskMessage task) {
        return URI.create(member.url() + "/internal/v1/blobs/" + task.blob().id());
    }
}
