package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.ContentCoding;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Ticket;
import org.holdfast.storage.cluster.Membership;

/**
 * {@code PUT, GET, HEAD /blobs/{id}?ticket=…}: the bytes themselves. HEAD with a ticket for a PUT tells in {@code
 * Upload-Offset} how much of an earlier try is here. Pages of other origins may use a ticket that they have (CORS): it is
 * the permission, nothing that a browser would add by itself is.
 */
@Access(Access.Level.TICKET)
final class BlobServlet extends NodeServlet {
    static final String PREFIX = "/blobs/";

    /** Headers that pages of other origins may send. */
    private static final String PAGES_TELL = "Content-Type, Content-Range, Range, " + FilesServlet.WRITER;

    private final transient Upload upload;
    private final transient Download download;

    BlobServlet(Membership membership, Upload upload, Download download) {
        super(membership, Set.of("PUT", "GET", "HEAD", "OPTIONS"));
        this.upload = upload;
        this.download = download;
    }

    /** Lets pages of other origins read the answer. */
    static void openToPages(HttpServletResponse response) {
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("Access-Control-Expose-Headers", "Upload-Offset");
    }

    @Override
    Set<String> parameters() {
        return Set.of(TICKET_PARAMETER);
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Ticket ticket = ticket(request);
        openToPages(response);
        var asked = new BlobId(request.getRequestURI().substring(PREFIX.length()));
        if (!asked.equals(ticket.blob().id())) {
            throw HoldfastException.of(FailureKind.FORBIDDEN, "ticket-invalid", "This ticket is for another blob.");
        }
        boolean writes = ticket.operation() == Ticket.Operation.PUT;
        if (request.getMethod().equals("OPTIONS")) {
            response.setHeader("Access-Control-Allow-Methods", writes ? "PUT, HEAD" : "GET, HEAD");
            response.setHeader("Access-Control-Allow-Headers", PAGES_TELL);
            Upload.onAConnectionOfItsOwn(response);
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else if (request.getMethod().equals("PUT")) {
            ContentCoding.requireNone(request.getHeader("Content-Encoding"));
            upload.run(ticket, ticketText(request), request, response);
        } else if (writes && request.getMethod().equals("HEAD")) {
            upload.offset(ticket, request, response);
        } else if (!download.run(ticket, request, response)) {
            throw Answers.notFound("This node does not have the blob; ask a master for another holder.");
        }
    }
}
