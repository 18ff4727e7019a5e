package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.master.access.Access;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.SignIn;
import org.holdfast.master.database.Contention;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/session}: a bearer token for a name and a password, or for a user's certificate. */
@Path("session")
@Access(Access.Level.SIGNED_IN)
public class SessionResource {
    @Inject
    SignIn signIn;

    @Context
    HttpServletRequest connection;

    @POST
    @Access(Access.Level.SIGNING_IN)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Opens a session; the token is shown once")
    public Response open(@Context ContainerRequestContext request) {
        Caller caller = AccessFilter.caller(request);
        if (SignIn.isBearer(request.getHeaderString("Authorization"))) {
            // Otherwise a token that got into the wrong hands could be renewed for ever.
            throw HoldfastException.of(
                    FailureKind.FORBIDDEN, "forbidden", "A session is opened with a password, not with a session.");
        }
        SignIn.NewSession session = Contention.retry(() -> signIn.open(caller, EndpointServlet.client(connection)));
        return Response.status(Response.Status.CREATED)
                .header("Cache-Control", "no-store")
                .entity(JsonText.object()
                        .add("token", session.token())
                        .add("expiresAt", session.expiresAt().toString())
                        .add("user", caller.name())
                        .build()
                        .toString())
                .build();
    }

    @DELETE
    @Operation(summary = "Ends the session whose token is shown")
    public Response close(@HeaderParam("Authorization") @Nullable String authorization) {
        Contention.retryRun(() -> signIn.close(authorization));
        return Response.noContent().build();
    }
}
