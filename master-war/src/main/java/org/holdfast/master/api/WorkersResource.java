package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.JsonText;
import org.holdfast.master.access.Access;
import org.holdfast.master.cluster.RefreshView;
import org.holdfast.master.cluster.Removals;
import org.holdfast.master.database.Contention;

/** {@code /api/v1/workers}: a worker is known by its certificate alone, and can be refused. */
@Path("workers")
@Access(Access.Level.ADMINISTRATOR)
public class WorkersResource {
    @Inject
    Removals removals;

    @Inject
    RefreshView refreshView;

    @DELETE
    @Path("{name}")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Refuses the certificates that were made out to a worker until now")
    public String remove(@Context ContainerRequestContext request, @PathParam("name") String name) {
        long accountId = AccessFilter.caller(request).accountId();
        Instant removed = Contention.retry(() -> removals.removeWorker(name, accountId));
        refreshView.refresh();
        return JsonText.object()
                .add("name", name)
                .add("removedAt", removed.toString())
                .build()
                .toString();
    }
}
