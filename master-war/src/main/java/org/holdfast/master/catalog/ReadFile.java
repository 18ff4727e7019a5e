package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Ticket;
import org.holdfast.master.access.TicketConfig;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.replication.CopiesOfBlob;

/** Finds who can serve a file, and makes the ticket to read it there. */
@ApplicationScoped
public class ReadFile {
    /** How often a reader may be overtaken by puts of the same name before it gives up. */
    private static final int MAX_OVERTAKEN = 10;

    @Inject
    CopiesOfBlob copies;

    @Inject
    TicketConfig tickets;

    @Inject
    Clock clock;

    /**
     * How to get a file's bytes.
     *
     * @param ticket to be sealed for the node at which it is shown
     * @param nodes at least one, in the order in which to try them
     */
    public record Location(Ticket ticket, List<NodeView> nodes) {
        /** The same for less time; what lasts less already stays as it is. */
        public Location noLongerThan(Instant end) {
            return ticket.expiresAt().isAfter(end) ? new Location(ticket.until(end), nodes) : this;
        }
    }

    /** A version, and how to get its bytes. */
    public record Found(FileView file, Location location) {}

    /**
     * Where to read what is behind a name. A put that comes between the two questions takes the copies of what it replaces
     * out of service: then the new version is asked for.
     *
     * @param reader as below
     * @param known what was behind the name a moment ago
     * @param find answers what is there now
     * @throws HoldfastException what {@code find} throws; UNAVAILABLE when no live node has a verified copy
     */
    public Found locate(String reader, FileView known, Supplier<FileView> find, Optional<String> preferred) {
        FileView file = known;
        for (int attempt = 1; ; attempt++) {
            try {
                return new Found(file, locate(reader, file, preferred));
            } catch (HoldfastException e) {
                FileView now = find.get();
                if (attempt == MAX_OVERTAKEN
                        || now.blob().id().equals(file.blob().id())) {
                    throw e;
                }
                file = now;
            }
        }
    }

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
                Optional.of(new Ticket.Reading(reader, file.namedAt(), file.fileTime())));
        return new Location(ticket, nodes);
    }
}
