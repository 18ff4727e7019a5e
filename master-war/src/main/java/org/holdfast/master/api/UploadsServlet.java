package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Ticket;
import org.holdfast.master.access.Access;
import org.holdfast.master.catalog.RequestUpload;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.cluster.SealTickets;
import org.holdfast.master.database.Contention;

/** {@code POST /api/v1/uploads/{namespace}/{path}}: the first of a put's two steps, the lock and the ticket. */
@Access(Access.Level.SIGNED_IN)
@WebServlet(urlPatterns = UploadsServlet.PREFIX + "*")
public class UploadsServlet extends EndpointServlet {
    static final String PREFIX = "/api/v1/uploads/";
    private static final long serialVersionUID = 1L;

    @Inject
    transient RequestUpload requestUpload;

    @Inject
    transient SealTickets seal;

    @Override
    protected void handle(Exchange exchange) throws IOException {
        if (!exchange.request().getMethod().equals("POST")) {
            refuseMethod(exchange, "POST");
            return;
        }
        FileAddress address = FileAddress.parseFile(exchange.rawPath(PREFIX));
        var known = Stream.concat(Stream.of("size"), Stream.of(PutRequest.OPTIONS));
        long size =
                exchange.query(known.toArray(String[]::new)).number("size", BlobFacts.UNKNOWN_SIZE, 0, Long.MAX_VALUE);
        var wish = PutRequest.read(
                exchange.caller(),
                exchange.request(),
                address,
                size,
                Optional.ofNullable(exchange.header("Holdfast-Content-Type")));
        RequestUpload.Upload upload =
                Contention.retry(() -> requestUpload.ask(exchange.caller(), wish, Ticket.Operation.PUT));
        NodeView node = upload.nodes().get(0);
        Ticket ticket = upload.tickets().apply(node);
        String url = node.publicUrl() + "/blobs/" + ticket.blob().id() + "?ticket=" + seal.seal(ticket, node);
        exchange.response().setHeader("Location", url);
        exchange.response().setHeader("Holdfast-Node", node.name());
        exchange.json(
                HttpServletResponse.SC_CREATED,
                JsonText.object()
                        .add("blob", ticket.blob().id().value())
                        .add("node", node.name())
                        .add("url", url)
                        .add("expiresAt", ticket.expiresAt().toString())
                        .build()
                        .toString());
    }
}
