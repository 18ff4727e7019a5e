package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Problem;
import org.holdfast.contract.Query;
import org.holdfast.contract.Receipts;
import org.holdfast.contract.Ticket;
import org.holdfast.storage.cluster.Membership;
import org.holdfast.storage.cluster.Undecided;
import org.holdfast.storage.store.BlobStore;
import org.holdfast.storage.store.VerifyBlob;

/**
 * What the cluster does to single blobs: masters, and whoever has a master's ticket for it. {@code DELETE
 * /internal/v1/blobs/{id}}: 204, also when it was not there; with {@code ?stage=uncommitted}, or by the ticket of the upload
 * that has brought it, a committed blob stays. {@code POST /internal/v1/blobs/{id}/verify} with a ticket:
 * 204 when its digests, computed from disk, are right; 422 when they are wrong and it is now in quarantine; 410 when it
 * is not here. {@code POST /internal/v1/blobs/{id}/quarantine} with a {@code reason}: 204, or 410 when it is not here.
 */
@Access(Access.Level.MASTER_OR_TICKET)
final class UpkeepServlet extends NodeServlet {
    static final String PREFIX = "/internal/v1/blobs/";
    private static final String VERIFY = "/verify";
    private static final String QUARANTINE = "/quarantine";
    private static final String STAGE = "stage";
    private static final String UNCOMMITTED = "uncommitted";

    private final transient BlobStore store;
    private final transient Undecided undecided;
    private final transient VerifyBlob verifyBlob;

    UpkeepServlet(Membership membership, BlobStore store, Undecided undecided) {
        super(membership, Set.of("DELETE", "POST"));
        this.store = store;
        this.undecided = undecided;
        this.verifyBlob = new VerifyBlob(store);
    }

    @Override
    Set<String> parameters() {
        return Set.of(TICKET_PARAMETER, STAGE);
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getRequestURI().substring(PREFIX.length());
        if (request.getMethod().equals("DELETE")) {
            var id = new BlobId(path);
            boolean uncommittedOnly = isOfUncommitted(request) || isBroughtBy(request);
            requireTicketOf(request, id, Ticket.Operation.DELETE, Ticket.Operation.LAND);
            undecided.alone(id, () -> uncommittedOnly ? store.withdraw(id) : store.remove(id));
            if (!uncommittedOnly) {
                certify(request, response, Receipts.Fact.GONE);
            }
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else if (path.endsWith(QUARANTINE)) {
            quarantine(new BlobId(path.substring(0, path.length() - QUARANTINE.length())), request, response);
        } else {
            verify(path, request, response);
        }
    }

    /** INVALID for another word: what was meant to spare committed blobs must not remove one. */
    private static boolean isOfUncommitted(HttpServletRequest request) {
        Optional<String> stage = Query.parse(request.getQueryString()).text(STAGE);
        if (stage.isPresent() && !stage.get().equals(UNCOMMITTED)) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "The parameter stage is " + UNCOMMITTED + ".");
        }
        return stage.isPresent();
    }

    /** Whether the sender of an upload takes it back. */
    private static boolean isBroughtBy(HttpServletRequest request) {
        Ticket ticket = ticketOrNull(request);
        return ticket != null && ticket.operation() == Ticket.Operation.LAND;
    }

    /** Masters may do everything; a ticket is for one thing, and for one blob. */
    private static void requireTicketOf(HttpServletRequest request, BlobId id, Ticket.Operation... allowed) {
        Ticket ticket = ticketOrNull(request);
        boolean fits = ticket == null
                || (ticket.blob().id().equals(id) && List.of(allowed).contains(ticket.operation()));
        if (!fits) {
            throw HoldfastException.of(FailureKind.FORBIDDEN, "ticket-invalid", "This ticket is for something else.");
        }
    }

    private void quarantine(BlobId id, HttpServletRequest request, HttpServletResponse response) throws IOException {
        requireTicketOf(request, id);
        String reason = read(signedBody(request), body -> body.getString("reason"));
        if (undecided.alone(id, () -> store.quarantine(id, reason))) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else {
            Answers.problem(request, response, gone());
        }
    }

    private void verify(String path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Ticket ticket = ticketOrNull(request);
        BlobFacts expected = ticket == null ? read(signedBody(request), BlobFacts::fromJson) : ticket.blob();
        requireTicketOf(request, expected.id(), Ticket.Operation.VERIFY);
        if (!path.equals(expected.id() + VERIFY)) {
            throw HoldfastException.of(FailureKind.NOT_FOUND, "not-found", "There is nothing at this address.");
        }
        VerifyBlob.Verdict verdict = verifyBlob.verify(expected);
        certify(
                request,
                response,
                switch (verdict) {
                    case GOOD -> Receipts.Fact.HERE;
                    case BAD -> Receipts.Fact.BAD;
                    case MISSING -> Receipts.Fact.GONE;
                });
        switch (verdict) {
            case GOOD -> response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            case BAD ->
                throw HoldfastException.of(
                        FailureKind.CORRUPT, "digest-mismatch", "The copy was bad and is in quarantine now.");
            case MISSING -> Answers.problem(request, response, gone());
        }
    }

    /** 410 and not 404, which anything that answers at this address may say. */
    private static Problem gone() {
        return new Problem(
                HttpServletResponse.SC_GONE, "Gone", "This node does not have the blob.", "gone", Optional.empty());
    }
}
