package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.master.access.Access;
import org.holdfast.master.account.Caller;
import org.holdfast.master.catalog.NamespaceTerms;
import org.holdfast.master.catalog.Namespaces;
import org.holdfast.master.database.Contention;
import org.holdfast.master.placement.PlacementPolicy;

/** {@code /api/v1/namespaces}: trees of folders, and how their files are kept. */
@Path("namespaces")
@Access(Access.Level.SIGNED_IN)
public class NamespacesResource {
    private static final List<String> COLUMNS = List.of("name", "replicas", "placement", "durability");

    @Inject
    Namespaces namespaces;

    @Inject
    NamespaceTerms defaults;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "The namespaces that the caller may use")
    public Listing list(@Context ContainerRequestContext request) {
        return Listing.of(
                "namespaces",
                COLUMNS,
                namespaces.of(AccessFilter.caller(request)).stream()
                        .map(NamespacesResource::row)
                        .toList());
    }

    @GET
    @Path("{name}")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "One namespace")
    public Listing get(@Context ContainerRequestContext request, @PathParam("name") String name) {
        return Listing.of("namespaces", COLUMNS, List.of(row(namespaces.get(AccessFilter.caller(request), name))));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Access(Access.Level.ADMINISTRATOR)
    @Operation(
            summary = "Makes a namespace: {\"name\", \"replicas\", \"placement\": \"random\"|\"hash\", \"durability\"}")
    public Response make(@Context ContainerRequestContext request, String body) {
        Caller caller = AccessFilter.caller(request);
        JsonObject json = Body.object(body);
        String name = json.getString("name", "");
        NamespaceTerms terms = terms(json, defaults);
        var made = Contention.retry(() -> namespaces.make(caller, name, terms));
        return Response.status(Response.Status.CREATED)
                .entity(row(made).toString())
                .build();
    }

    @PATCH
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Access(Access.Level.ADMINISTRATOR)
    @Operation(
            summary = "Changes how a namespace's files are kept, those that are there included; members left out stay")
    public String change(@Context ContainerRequestContext request, @PathParam("name") String name, String body) {
        Caller caller = AccessFilter.caller(request);
        JsonObject json = Body.object(body);
        return row(Contention.retry(() -> namespaces.change(
                        caller, name, terms(json, namespaces.get(caller, name).terms()))))
                .toString();
    }

    private static NamespaceTerms terms(JsonObject json, NamespaceTerms others) {
        try {
            return new NamespaceTerms(
                    number(json, "replicas", others.replicas()),
                    json.containsKey("placement")
                            ? PlacementPolicy.valueOf(
                                    json.getString("placement").toUpperCase(Locale.ROOT))
                            : others.placement(),
                    number(json, "durability", others.durability()));
        } catch (IllegalArgumentException | ClassCastException e) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "replicas and durability are numbers, placement is random or hash.",
                    e);
        }
    }

    /** The getter with a default would take a text for "not told" and swallow the mistake. */
    private static int number(JsonObject json, String name, int fallback) {
        return json.containsKey(name) ? json.getInt(name) : fallback;
    }

    private static JsonObject row(Namespaces.NamespaceView namespace) {
        return JsonText.object()
                .add("name", namespace.name())
                .add("replicas", namespace.terms().replicas())
                .add("placement", namespace.terms().placement().name().toLowerCase(Locale.ROOT))
                .add("durability", namespace.terms().durability())
                .build();
    }
}
