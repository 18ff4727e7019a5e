package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Query;
import org.holdfast.master.access.Access;
import org.holdfast.master.catalog.SearchNames;

/** {@code /api/v1/search}: files and folders by a part of their names. */
@Path("search")
@Access(Access.Level.SIGNED_IN)
public class SearchResource {
    private static final int DEFAULT_LIMIT = 100;
    private static final List<String> COLUMNS = List.of("type", "size", "modified", "path");

    @Inject
    SearchNames search;

    @Context
    UriInfo uri;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "Files and folders of a namespace whose names contain a text (namespace, name, limit)")
    @Parameters({"namespace", "name", "limit"})
    public Listing find(@Context ContainerRequestContext request) {
        Query query = Query.parse(uri.getRequestUri().getRawQuery());
        String namespace = required(query, "namespace");
        FileAddress.requireNamespace(namespace);
        SearchNames.Result result = search.find(AccessFilter.caller(request), namespace, required(query, "name"), (int)
                query.number("limit", DEFAULT_LIMIT, 1, SearchNames.MAX_FOUND));
        return new Listing(
                JsonText.object()
                        .add("namespace", namespace)
                        .add("truncated", result.truncated())
                        .build(),
                "entries",
                COLUMNS,
                result.found().stream().map(SearchResource::row).toList());
    }

    private static String required(Query query, String name) {
        return query.text(name)
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.INVALID, "invalid-parameter", "The parameter " + name + " is missing."));
    }

    private static JsonObject row(SearchNames.Found found) {
        return JsonText.object(FoldersResource.row(found.entry()))
                .add("path", found.address().path())
                .build();
    }
}
