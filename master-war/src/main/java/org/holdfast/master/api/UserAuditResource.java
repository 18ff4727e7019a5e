package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.Query;
import org.holdfast.master.access.Access;
import org.holdfast.master.account.AccountView;
import org.holdfast.master.account.Accounts;
import org.holdfast.master.account.Caller;
import org.holdfast.master.audit.ListAudit;

/** {@code /api/v1/users/{name}/audit}: what an account has done, and what was tried in its name; for its owner, too. */
@Path("users/{name}/audit")
@Access(Access.Level.SIGNED_IN)
public class UserAuditResource {
    @Inject
    ListAudit audit;

    @Inject
    Accounts accounts;

    @Inject
    Clock clock;

    @Context
    UriInfo uri;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV, ListingWriter.CSV})
    @Operation(summary = "The audit log of one account, newest first; the parameters of /audit but actor")
    @Parameters({"since", "until", "action", "object", "component", "status", "outcome", "before", "limit"})
    public Listing list(@Context ContainerRequestContext request, @PathParam("name") String name) {
        Caller caller = AccessFilter.caller(request);
        AccountView account = accounts.view(caller, name);
        // Before that the name may have been somebody else's.
        Optional<Instant> earliest = caller.isAdministrator() ? Optional.empty() : Optional.of(account.createdAt());
        return AuditListing.page(
                audit, Query.parse(uri.getRequestUri().getRawQuery()), Optional.of(account.name()), earliest, clock);
    }
}
