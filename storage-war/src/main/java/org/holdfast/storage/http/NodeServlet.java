package org.holdfast.storage.http;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.holdfast.contract.CertifiedName;
import org.holdfast.contract.ConnectionConfig;
import org.holdfast.contract.CutConnection;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.PlainPath;
import org.holdfast.contract.Problem;
import org.holdfast.contract.PromptBody;
import org.holdfast.contract.Query;
import org.holdfast.contract.Receipts;
import org.holdfast.contract.SignedCall;
import org.holdfast.contract.Ticket;
import org.holdfast.storage.cluster.Membership;
import org.jspecify.annotations.Nullable;

/**
 * What all of the node's servlets have in common: the declared access level is enforced, other methods get a 405, and
 * failures become problem+json without a word about the inside.
 */
abstract class NodeServlet extends HttpServlet {
    private static final Logger LOG = System.getLogger(NodeServlet.class.getName());
    static final String TICKET_PARAMETER = "ticket";
    private static final String TICKET = "org.holdfast.ticket";
    private static final String RECEIPTS = "org.holdfast.receipts";
    private static final String BODY = "org.holdfast.body";
    private static final int MAX_SMALL_BODY_BYTES = 64 * 1024;

    private final transient Membership membership;
    private final Set<String> methods;
    private final Access.Level level;

    /** A servlet that answers to these methods only. */
    NodeServlet(Membership membership, Set<String> methods) {
        this.membership = membership;
        this.methods = Set.copyOf(methods);
        Access access = getClass().getAnnotation(Access.class);
        if (access == null) {
            throw new IllegalStateException(getClass().getName() + " declares no @Access");
        }
        this.level = access.value();
    }

    /** Answers one request whose access has been checked. */
    abstract void answer(HttpServletRequest request, HttpServletResponse response) throws IOException;

    /** The query parameters that are known here; others are refused. */
    Set<String> parameters() {
        return Set.of();
    }

    /** Refuses what nobody would look at. Behind the access, so that strangers hear of nothing. */
    void requireKnown(HttpServletRequest request) {
        var unused = Query.parse(request.getQueryString()).requireKnown(parameters());
    }

    Membership membership() {
        return membership;
    }

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response) {
        try {
            if (!methods.contains(request.getMethod())) {
                refuseMethod(request, response);
                return;
            }
            PlainPath.require(request.getRequestURI());
            membership.removed().refuse(ShownCertificate.of(request));
            checkAccess(request);
            requireKnown(request);
            answer(request, response);
        } catch (ClientGone e) {
            LOG.log(Level.DEBUG, "the client went away", e);
            request.setAttribute(AuditNote.CODE, "client-gone");
            CutConnection.of(request);
        } catch (HoldfastException e) {
            if (e.kind() == FailureKind.TOO_SLOW) {
                Answers.bodyIsBroken(request);
            }
            report(request, e);
            fail(request, response, Problem.of(e));
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.ERROR, request.getMethod() + " " + request.getRequestURI() + " failed", e);
            fail(request, response, Problem.bug());
        }
    }

    private static void report(HttpServletRequest request, HoldfastException failure) {
        Level level = Problem.status(failure.kind()) >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR
                ? Level.WARNING
                : Level.DEBUG;
        LOG.log(level, "{0} {1}: {2}", request.getMethod(), request.getRequestURI(), describe(failure));
    }

    private static void fail(HttpServletRequest request, HttpServletResponse response, Problem problem) {
        request.setAttribute(AuditNote.CODE, problem.code());
        try {
            if (!response.isCommitted()) {
                Answers.problem(request, response, problem);
                return;
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the client went away before it could be told", e);
        }
        // Too late to say anything: the client must see that its answer is not whole.
        CutConnection.of(request);
    }

    private static String describe(HoldfastException failure) {
        return failure.getCause() == null ? failure.sentence() : failure.sentence() + " Cause: " + failure.getCause();
    }

    private void checkAccess(HttpServletRequest request) throws IOException {
        switch (level) {
            case PUBLIC, MASTER_DECIDES -> {}
            case TICKET -> open(ticketText(request), request);
            case MASTER -> requireMaster(request);
            case MASTER_OR_TICKET -> {
                String text = ticketText(request);
                if (text.isEmpty()) {
                    requireMaster(request);
                } else {
                    open(text, request);
                }
            }
        }
    }

    private void open(String text, HttpServletRequest request) {
        Membership.Credentials credentials = membership.credentials();
        Ticket ticket = credentials.tickets().open(text);
        if (ticket.operation().isForWorkers() && membership.identity().isSecure()) {
            CertifiedName.require(ShownCertificate.of(request), Set.of(CertifiedName.Role.WORKER));
        }
        remember(request, ticket);
        request.setAttribute(RECEIPTS, credentials.keys().receipts());
    }

    /**
     * Says to masters, by way of the worker whose ticket this is, how it is with the copy. Only where this node has just
     * seen it: what is said here, masters believe.
     */
    static void certify(HttpServletRequest request, HttpServletResponse response, Receipts.Fact fact) {
        var receipts = (Receipts) request.getAttribute(RECEIPTS);
        Ticket ticket = ticketOrNull(request);
        if (ticket != null) {
            ticket.errand().ifPresent(errand -> response.setHeader(Receipts.HEADER, receipts.of(errand, fact)));
        }
    }

    private void requireMaster(HttpServletRequest request) throws IOException {
        SignedCall.Head head = verifyHead(request);
        if (membership.identity().isSecure()) {
            CertifiedName.require(ShownCertificate.of(request), Set.of(CertifiedName.Role.MASTER));
        }
        byte[] body = smallBody(request);
        head.requireBody(body);
        request.setAttribute(BODY, body);
    }

    private SignedCall.Head verifyHead(HttpServletRequest request) {
        String target = SignedCall.pathAndQuery(request.getRequestURI(), request.getQueryString());
        try {
            return membership
                    .credentials()
                    .signature()
                    .verifyHead(request.getHeader("Authorization"), request.getMethod(), target);
        } catch (HoldfastException e) {
            if (e.code().equals(SignedCall.CLOCK_SKEW)) {
                membership.doubtTime();
            } else if (SignedCall.memberOf(request.getHeader("Authorization")).isPresent()) {
                membership.doubtKeys();
            }
            throw e;
        }
    }

    /** The body that {@link Access.Level#MASTER} has found signed. */
    static byte[] signedBody(HttpServletRequest request) {
        return (byte[]) request.getAttribute(BODY);
    }

    /** What a body of JSON tells; INVALID when it is none, or another one than is expected here. */
    static <T> T read(byte[] body, Function<JsonObject, T> reading) {
        try (var reader = JsonText.reader(body)) {
            return reading.apply(reader.readObject());
        } catch (JsonException | NullPointerException | ClassCastException | ArithmeticException e) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "The body is not the JSON that this address takes.", e);
        }
    }

    /** The ticket that {@link Access.Level#TICKET} has found valid. */
    static Ticket ticket(HttpServletRequest request) {
        return (Ticket) request.getAttribute(TICKET);
    }

    /** The ticket by which a request is answered, if it is by one. */
    static @Nullable Ticket ticketOrNull(HttpServletRequest request) {
        return (Ticket) request.getAttribute(TICKET);
    }

    /** Notes that a request is answered by this ticket. */
    static Ticket remember(HttpServletRequest request, Ticket ticket) {
        request.setAttribute(TICKET, ticket);
        return ticket;
    }

    /** The ticket parameter, from the raw query: its characters need no decoding. */
    static String ticketText(HttpServletRequest request) {
        String query = request.getQueryString();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                if (pair.startsWith(TICKET_PARAMETER + "=")) {
                    return pair.substring(TICKET_PARAMETER.length() + 1);
                }
            }
        }
        return "";
    }

    /** The whole of a small body; TOO_LARGE when it is not small, TOO_SLOW when it does not come soon. */
    static byte[] smallBody(HttpServletRequest request) throws IOException {
        var config = (ConnectionConfig) request.getAttribute(ConnectionRules.CONFIG);
        byte[] body = PromptBody.of(request.getInputStream(), config.bodyDeadline(), request)
                .readNBytes(MAX_SMALL_BODY_BYTES + 1);
        if (body.length > MAX_SMALL_BODY_BYTES) {
            throw HoldfastException.of(FailureKind.TOO_LARGE, "too-large", "The body is longer than 64 KiB.");
        }
        return body;
    }

    private void refuseMethod(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Allow", String.join(", ", new TreeSet<>(methods)));
        Problem problem = new Problem(
                HttpServletResponse.SC_METHOD_NOT_ALLOWED,
                "Method not allowed",
                "This address answers to " + new TreeSet<>(methods) + " only.",
                "method-not-allowed",
                java.util.Optional.empty());
        try {
            Answers.problemText(request, response, problem.status(), problem.toJson());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the client went away before it could be told", e);
            CutConnection.of(request);
        }
    }
}
