package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.Query;
import org.holdfast.master.access.Access;
import org.holdfast.master.audit.ListAudit;

/** {@code /api/v1/audit}: who did what. */
@Path("audit")
@Access(Access.Level.ADMINISTRATOR)
public class AuditResource {
    @Inject
    ListAudit audit;

    @Inject
    Clock clock;

    @Context
    UriInfo uri;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV, ListingWriter.CSV})
    @Operation(
            summary = "The audit log, newest first (since, until, actor, action, object, component, status, outcome,"
                    + " before, limit)")
    @Parameters({"since", "until", "actor", "action", "object", "component", "status", "outcome", "before", "limit"})
    public Listing list() {
        return AuditListing.page(
                audit, Query.parse(uri.getRequestUri().getRawQuery()), Optional.empty(), Optional.empty(), clock);
    }
}
