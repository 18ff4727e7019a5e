package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Ticket;
import org.holdfast.storage.cluster.Membership;

/** {@code PUT, GET, HEAD /blobs/{id}?ticket=…}: the bytes themselves. */
@Access(Access.Level.TICKET)
final class BlobServlet extends NodeServlet {
    static final String PREFIX = "/blobs/";

    private final transient Upload upload;
    private final transient Download download;

    BlobServlet(Membership membership, Upload upload, Download download) {
        super(membership, Set.of("PUT", "GET", "HEAD"));
        this.upload = upload;
        this.download = download;
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Ticket ticket = ticket(request);
        var asked = new BlobId(request.getRequestURI().substring(PREFIX.length()));
        if (!asked.equals(ticket.blob().id())) {
            throw HoldfastException.of(FailureKind.FORBIDDEN, "ticket-invalid", "This ticket is for another blob.");
        }
        if (request.getMethod().equals("PUT")) {
            upload.run(ticket, ticketText(request), request, response);
        } else if (!download.run(ticket, request, response)) {
            throw Answers.notFound("This node does not have the blob; ask a master for another holder.");
        }
    }
}
