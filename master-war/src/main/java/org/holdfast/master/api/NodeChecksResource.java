package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.Query;
import org.holdfast.master.access.Access;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.verification.ListChecks;

/** {@code /api/v1/nodes/{name}/checks}: what a node's returns and scrubs have shown, names of files included. */
@Path("nodes/{name}/checks")
@Access(Access.Level.ADMINISTRATOR)
public class NodeChecksResource {
    private static final int DEFAULT_PAGE = 20;
    private static final int MAX_PAGE = 500;

    @Inject
    ClusterView cluster;

    @Inject
    ListChecks checks;

    @Context
    UriInfo uri;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "A node's last checks with progress, rate and time left, latest first")
    @Parameters("limit")
    public Listing list(@PathParam("name") String name) {
        Query query = Query.parse(uri.getRequestUri().getRawQuery());
        int limit = (int) query.number("limit", DEFAULT_PAGE, 1, MAX_PAGE);
        return CheckRows.list("checks", checks.ofNode(cluster.require(name).id(), limit));
    }

    @GET
    @Path("{id}")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "One check with its findings")
    public Listing get(@PathParam("name") String name, @PathParam("id") String id) {
        return CheckRows.one(checks.get(id), checks.findings(id));
    }
}
