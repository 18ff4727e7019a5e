package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.holdfast.contract.CommitReply;
import org.holdfast.contract.CommitRequest;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Landing;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.Ticket;
import org.holdfast.master.access.Access;
import org.holdfast.master.catalog.CommitPut;
import org.holdfast.master.catalog.LockTransfers;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.SealTickets;
import org.holdfast.master.database.Contention;
import org.holdfast.master.replication.CopiesOfBlob;

/**
 * {@code POST /internal/v1/commits}: a storage node asks to make landed bytes a version. {@code POST
 * /internal/v1/commits/known}: it asks which of its blobs the catalog knows.
 */
@Access(Access.Level.CLUSTER)
@WebServlet(urlPatterns = {CommitServlet.COMMITS, CommitServlet.KNOWN})
public class CommitServlet extends EndpointServlet {
    static final String COMMITS = "/internal/v1/commits";
    static final String KNOWN = "/internal/v1/commits/known";
    private static final long serialVersionUID = 1L;

    @Inject
    transient CommitPut commitPut;

    @Inject
    transient LockTransfers lockTransfers;

    @Inject
    transient CopiesOfBlob copies;

    @Inject
    transient SealTickets seal;

    @Inject
    transient ClusterView cluster;

    @Inject
    transient Traffic traffic;

    @Override
    protected void handle(Exchange exchange) throws IOException {
        if (!exchange.request().getMethod().equals("POST")) {
            refuseMethod(exchange, "POST");
            return;
        }
        var unused = exchange.query();
        JsonObject body = read(exchange.body());
        try {
            if (exchange.request().getRequestURI().equals(KNOWN)) {
                known(exchange, body);
            } else {
                commit(exchange, CommitRequest.fromJson(body));
            }
        } catch (NullPointerException | ClassCastException e) {
            throw malformed(e);
        }
    }

    private void commit(Exchange exchange, CommitRequest request) throws IOException {
        Ticket ticket = seal.openOwn(request.ticket(), cluster.require(exchange.member()));
        requireOwnWord(exchange, ticket, request.landing());
        CommitReply reply = commit(ticket, request.landing());
        traffic.uploaded();
        exchange.json(HttpServletResponse.SC_CREATED, reply.toJson().toString());
    }

    /** A node speaks for itself, and for the partners that a master has given it. */
    private static void requireOwnWord(Exchange exchange, Ticket ticket, Landing landing) {
        List<String> partners = ticket.terms().map(PutTerms::partners).orElse(List.of()).stream()
                .map(TaskMessage.Member::name)
                .toList();
        landing.nodes().stream().filter(node -> !partners.contains(node)).forEach(exchange::requireOwn);
        exchange.requireOwn(landing.origin());
    }

    /** Who is refused gives the name free. */
    private CommitReply commit(Ticket ticket, Landing landing) {
        try {
            return Contention.retry(() -> commitPut.commit(ticket, landing));
        } catch (HoldfastException e) {
            ticket.terms()
                    .flatMap(PutTerms::lock)
                    .ifPresent(lock -> Contention.retryRun(() -> lockTransfers.release(List.of(lock.token()))));
            throw e;
        }
    }

    private void known(Exchange exchange, JsonObject body) throws IOException {
        exchange.requireOwn(body.getString("node"));
        List<String> blobs = body.getJsonArray("blobs").getValuesAs(JsonString::getString);
        exchange.json(
                HttpServletResponse.SC_OK,
                JsonText.object()
                        .add("known", JsonText.array(copies.known(body.getString("node"), blobs)))
                        .build()
                        .toString());
    }

    private static JsonObject read(byte[] body) {
        try (var reader = JsonText.reader(body)) {
            return reader.readObject();
        } catch (JsonException e) {
            throw malformed(e);
        }
    }

    private static HoldfastException malformed(RuntimeException cause) {
        return HoldfastException.of(
                FailureKind.INVALID, "invalid-parameter", "The body is not the JSON that this endpoint takes.", cause);
    }
}
