package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Ticket;
import org.holdfast.master.access.TicketConfig;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.replication.CopiesOfBlob;

/** Finds who can serve a file, and makes the ticket to read it there. */
@ApplicationScoped
public class ReadFile {
    @Inject
    CopiesOfBlob copies;

    @Inject
    TicketConfig tickets;

    @Inject
    Clock clock;

    /**
     * How to get a file's bytes.
     *
     * @param ticket good at every one of the nodes
     * @param nodes at least one, in the order in which to try them
     */
    public record Location(Ticket ticket, List<NodeView> nodes) {}

    /**
     * Where to read a version.
     *
     * @param reader who asks, as the audit log is to call them; the ticket names them to the nodes
     * @param preferred name of a node that is taken first when it can serve
     * @throws HoldfastException UNAVAILABLE when no live node has a verified copy
     */
    public Location locate(String reader, FileView file, Optional<String> preferred) {
        List<NodeView> nodes = copies.readable(file.blob().id());
        if (nodes.isEmpty()) {
            throw HoldfastException.comeBack(
                    "unavailable",
                    "No storage node with a verified copy of " + file.address() + " can be read now; its copies are"
                            + " listed under /api/v1/replicas.",
                    Duration.ofSeconds(1));
        }
        if (preferred.isPresent()) {
            nodes = nodes.stream()
                    .sorted((one, other) -> Boolean.compare(
                            other.name().equals(preferred.get()), one.name().equals(preferred.get())))
                    .toList();
        }
        var ticket = new Ticket(
                Ticket.Operation.GET,
                file.blob(),
                file.address(),
                file.contentType(),
                clock.instant().plus(tickets.life()),
                Optional.empty(),
                Optional.of(reader));
        return new Location(ticket, nodes);
    }
}
