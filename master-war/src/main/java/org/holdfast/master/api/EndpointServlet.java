package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.CertifiedName;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.CutConnection;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.PlainPath;
import org.holdfast.contract.Problem;
import org.holdfast.contract.Query;
import org.holdfast.contract.SignedCall;
import org.holdfast.master.access.Access;
import org.holdfast.master.access.DeclaredAccess;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Client;
import org.jspecify.annotations.Nullable;

/** A servlet behind the gate, here or in the console: its class declares its access level, its failures become problem+json. */
public abstract class EndpointServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = Logger.getLogger(EndpointServlet.class.getName());

    @Inject
    transient Gate gate;

    /**
     * One request that has passed the gate.
     *
     * @param caller who sends it
     * @param request as the container gives it
     * @param response to fill
     * @param body read already where its digest was signed, otherwise empty
     */
    @SuppressWarnings("ArrayRecordComponent") // carries the bytes, is never compared
    public record Exchange(Caller caller, HttpServletRequest request, HttpServletResponse response, byte[] body) {
        /** The raw URI behind a prefix. */
        public String rawPath(String prefix) {
            return request.getRequestURI().substring(prefix.length());
        }

        /** Name of the storage node that calls, at {@link Access.Level#CLUSTER}. */
        String member() {
            return SignedCall.memberOf(header("Authorization")).orElseThrow();
        }

        /** FORBIDDEN {@code not-yours} unless a node speaks of itself. */
        void requireOwn(String node) {
            if (!node.equals(member())) {
                throw HoldfastException.of(
                        FailureKind.FORBIDDEN, "not-yours", "The node " + member() + " can't speak for " + node + ".");
            }
        }

        public @Nullable String header(String name) {
            return request.getHeader(name);
        }

        /** The request's query; INVALID for a parameter that is not among those known here. */
        Query query(String... known) {
            return Query.parse(request.getQueryString()).requireKnown(Set.of(known));
        }

        Conditions conditions() {
            return Conditions.of(name -> Collections.list(request.getHeaders(name)));
        }

        void json(int status, String json) throws IOException {
            write(response, status, "application/json", json);
        }
    }

    /** Answers; METHOD NOT ALLOWED is answered by calling {@link #refuseMethod}. */
    protected abstract void handle(Exchange exchange) throws IOException;

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            PlainPath.require(request.getRequestURI());
            ForeignPages.refuse(request);
            Access.Level level = DeclaredAccess.of(getClass());
            Gate.Passed passed = gate.pass(
                    level,
                    new Gate.Request(
                            request.getMethod(),
                            SignedCall.pathAndQuery(request.getRequestURI(), request.getQueryString()),
                            request.getHeader("Authorization"),
                            client(request),
                            ShownCertificate.of(request)),
                    recognised -> request.setAttribute(AuditNote.CALLER, recognised));
            handle(new Exchange(passed.caller(), request, response, passed.signedBody(request.getInputStream())));
        } catch (HoldfastException e) {
            Problem problem = Problem.of(e);
            if (problem.status() >= 500) {
                Unforeseen.log(request.getMethod() + " " + request.getRequestURI(), e);
            }
            fail(request, response, problem);
        } catch (IOException e) {
            if (CutConnection.isOpen(request)) {
                throw e;
            }
            LOG.log(Level.FINE, "the client has gone", e);
        } catch (RuntimeException e) {
            fail(request, response, Unforeseen.problem(request.getMethod() + " " + request.getRequestURI(), e));
        }
    }

    private static void fail(HttpServletRequest request, HttpServletResponse response, Problem problem)
            throws IOException {
        request.setAttribute(AuditNote.CODE, problem.code());
        closeAfter(problem, response);
        if (response.isCommitted()) {
            // Too late to say anything: the client must see that its answer is not whole.
            CutConnection.of(request);
        } else {
            write(response, problem);
        }
    }

    /** After a body that was too slow nothing is read any more. */
    private static void closeAfter(Problem problem, HttpServletResponse response) {
        if (problem.status() == HttpServletResponse.SC_REQUEST_TIMEOUT) {
            response.setHeader("Connection", "close");
        }
    }

    /** Who is at the other end; of a request that a node passes on, who is at that node's. */
    static Client client(HttpServletRequest request) {
        String address = ShownCertificate.of(request)
                .filter(shown -> shown.role() == CertifiedName.Role.NODE)
                .flatMap(node -> Optional.ofNullable(request.getHeader(CertifiedName.CLIENT)))
                .orElseGet(request::getRemoteAddr);
        return Client.of(address, request.getHeader("User-Agent"));
    }

    protected static void refuseMethod(Exchange exchange, String allowed) throws IOException {
        exchange.response().setHeader("Allow", allowed);
        var problem = new Problem(
                HttpServletResponse.SC_METHOD_NOT_ALLOWED,
                "Method not allowed",
                "This endpoint knows " + allowed + ".",
                "method-not-allowed",
                Optional.empty());
        write(exchange.response(), problem);
    }

    /** Writes a failure, unless the answer has begun already. */
    static void write(HttpServletResponse response, Problem problem) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        if (problem.status() == HttpServletResponse.SC_UNAUTHORIZED) {
            response.setHeader("WWW-Authenticate", Gate.CHALLENGE);
        }
        problem.retryAfterSeconds().ifPresent(wait -> response.setHeader("Retry-After", Long.toString(wait)));
        write(response, problem.status(), Problem.MEDIA_TYPE, problem.toJson());
    }

    private static void write(HttpServletResponse response, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
