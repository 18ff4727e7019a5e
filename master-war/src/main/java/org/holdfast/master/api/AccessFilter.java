package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.net.URI;
import org.holdfast.contract.PlainPath;
import org.holdfast.contract.SignedCall;
import org.holdfast.master.access.Access;
import org.holdfast.master.access.DeclaredAccess;
import org.holdfast.master.account.Caller;

/** Sends every JAX-RS request through the gate. */
@Provider
public class AccessFilter implements ContainerRequestFilter {
    @Context
    ResourceInfo resource;

    @Context
    HttpServletRequest connection;

    @Inject
    Gate gate;

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        if (request.getMethod().equals(HttpMethod.OPTIONS)) {
            // Jersey would answer by itself, for resources without a level. Only pages of other origins ask (CORS).
            throw new ClientErrorException(Response.Status.METHOD_NOT_ALLOWED);
        }
        PlainPath.require(connection.getRequestURI());
        ForeignPages.refuse(connection);
        Access.Level level = DeclaredAccess.of(resource.getResourceClass(), resource.getResourceMethod());
        URI uri = request.getUriInfo().getRequestUri();
        Gate.Passed passed = gate.pass(
                level,
                new Gate.Request(
                        request.getMethod(),
                        SignedCall.pathAndQuery(uri.getRawPath(), uri.getRawQuery()),
                        request.getHeaderString("Authorization"),
                        EndpointServlet.client(connection),
                        ShownCertificate.of(connection)),
                caller -> request.setProperty(AuditNote.CALLER, caller));
        request.setEntityStream(passed.body(request.getEntityStream()));
    }

    /** Who sends this request; the filter has set it. */
    static Caller caller(ContainerRequestContext request) {
        return (Caller) request.getProperty(AuditNote.CALLER);
    }
}
