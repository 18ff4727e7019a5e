package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.master.access.Access;
import org.holdfast.master.account.NewEmails;
import org.holdfast.master.database.Contention;

/** {@code /api/v1/users/{name}/new-email}: the address that an account has asked for and not yet confirmed. */
@Path("users/{name}/new-email")
@Access(Access.Level.SIGNED_IN)
public class EmailResource {
    @Inject
    NewEmails emails;

    @Inject
    Clock clock;

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Confirms it by the code that was sent there: {\"code\"}")
    public String confirm(@Context ContainerRequestContext request, @PathParam("name") String name, String body) {
        String code = JsonBody.read(body, Set.of("code")).text("code");
        var account = Contention.retry(() -> emails.confirm(AccessFilter.caller(request), name, code));
        return AccountJson.row(account, clock.instant()).toString();
    }

    @DELETE
    @Operation(summary = "Gives it up")
    public Response cancel(@Context ContainerRequestContext request, @PathParam("name") String name) {
        Contention.retryRun(() -> emails.cancel(AccessFilter.caller(request), name));
        return Response.noContent().build();
    }
}
