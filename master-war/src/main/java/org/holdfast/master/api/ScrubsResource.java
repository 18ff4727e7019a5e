package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Query;
import org.holdfast.master.access.Access;
import org.holdfast.master.account.Caller;
import org.holdfast.master.catalog.FindNames;
import org.holdfast.master.catalog.Namespaces;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.verification.ListChecks;
import org.holdfast.master.verification.Scope;
import org.holdfast.master.verification.ScrubRequests;

/** {@code /api/v1/scrubs}: copies are read again from their disks, now. */
@Path("scrubs")
@Access(Access.Level.ADMINISTRATOR)
public class ScrubsResource {
    private static final int DEFAULT_PAGE = 20;
    private static final int MAX_PAGE = 500;

    @Inject
    ScrubRequests requests;

    @Inject
    ListChecks checks;

    @Inject
    ClusterView cluster;

    @Inject
    Namespaces namespaces;

    @Inject
    FindNames names;

    @Context
    UriInfo uri;

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Asks for a scrub of a node, a namespace, a folder, a file, or of everything")
    public Response start(@Context ContainerRequestContext request, String body) {
        JsonBody asked =
                JsonBody.read(body == null || body.isBlank() ? "{}" : body, Set.of("namespace", "path", "node"));
        Optional<String> namespace = text(asked, "namespace");
        Optional<String> path = text(asked, "path");
        requireThere(AccessFilter.caller(request), namespace, path);
        String id = requests.add(text(asked, "node").map(cluster::require), new Scope(namespace, path));
        return Response.created(URI.create("/api/v1/scrubs/" + id))
                .entity(CheckRows.one(checks.get(id), checks.findings(id))
                        .toJson()
                        .toString())
                .build();
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "The last scrubs, latest first: those that were asked for, and rounds of the continuous one")
    @Parameters("limit")
    public Listing list() {
        Query query = Query.parse(uri.getRequestUri().getRawQuery());
        return CheckRows.list("scrubs", checks.scrubs((int) query.number("limit", DEFAULT_PAGE, 1, MAX_PAGE)));
    }

    @GET
    @Path("{id}")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "One scrub with its progress and findings")
    public Listing get(@PathParam("id") String id) {
        return CheckRows.one(checks.get(id), checks.findings(id));
    }

    private void requireThere(Caller caller, Optional<String> namespace, Optional<String> path) {
        if (namespace.isEmpty()) {
            if (path.isPresent()) {
                throw HoldfastException.of(
                        FailureKind.INVALID, "invalid-parameter", "A path needs the namespace that it is in.");
            }
            return;
        }
        var known = namespaces.get(caller, namespace.get());
        path.map(name -> new FileAddress(known.name(), name))
                .filter(address -> !names.isFolder(caller, address))
                .ifPresent(address -> names.file(caller, address));
    }

    private static Optional<String> text(JsonBody asked, String name) {
        return asked.text(name, Optional.empty()).filter(value -> !value.isEmpty());
    }
}
