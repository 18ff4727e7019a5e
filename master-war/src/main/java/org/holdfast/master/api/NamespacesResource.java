package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.master.access.Access;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.account.Accounts;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Quota;
import org.holdfast.master.catalog.GrantRoles;
import org.holdfast.master.catalog.NamespaceTerms;
import org.holdfast.master.catalog.Namespaces;
import org.holdfast.master.catalog.ShareNames;
import org.holdfast.master.database.Contention;
import org.holdfast.master.placement.PlacementPolicy;

/** {@code /api/v1/namespaces}: trees of folders, and how their files are kept. */
@Path("namespaces")
@Access(Access.Level.SIGNED_IN)
public class NamespacesResource {
    /** What PATCH knows. */
    private static final Set<String> TERMS =
            Set.of("replicas", "placement", "durability", "versionsKept", "quotaBytes", "quotaFiles");

    private static final List<String> COLUMNS = List.of(
            "name",
            "owner",
            "replicas",
            "placement",
            "durability",
            "versionsKept",
            "files",
            "bytes",
            "quotaFiles",
            "quotaBytes");

    @Inject
    Namespaces namespaces;

    @Inject
    ShareNames shareNames;

    @Inject
    GrantRoles grantRoles;

    @Inject
    Accounts accounts;

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
    @Operation(summary = "Makes a namespace: {\"name\", \"owner\"} and what PATCH takes")
    public Response make(@Context ContainerRequestContext request, String body) {
        Caller caller = AccessFilter.caller(request);
        Set<String> known = new HashSet<>(TERMS);
        known.addAll(Set.of("name", "owner"));
        JsonBody json = JsonBody.read(body, known);
        String name = json.text("name");
        request.setProperty(AuditNote.OBJECT, name);
        request.setProperty(AuditNote.DETAIL, json.told());
        NamespaceTerms terms = terms(json, defaults);
        Quota quota = AccountJson.quota(json, Quota.UNLIMITED);
        Caller owner =
                json.text("owner", Optional.empty()).map(accounts::require).orElse(caller);
        var made = Contention.retry(() -> namespaces.make(owner, name, terms));
        if (!quota.equals(Quota.UNLIMITED)) {
            made = Contention.retry(() -> namespaces.change(caller, name, terms, quota));
        }
        return Response.status(Response.Status.CREATED)
                .entity(row(made).toString())
                .build();
    }

    @PATCH
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Access(Access.Level.ADMINISTRATOR)
    @Operation(summary = "Changes how, and how much of, a namespace's files are kept; what is left out stays as it is")
    public String change(@Context ContainerRequestContext request, @PathParam("name") String name, String body) {
        Caller caller = AccessFilter.caller(request);
        JsonBody json = JsonBody.read(body, TERMS);
        request.setProperty(AuditNote.DETAIL, json.told());
        return row(Contention.retry(() -> {
                    Namespaces.NamespaceView there = namespaces.get(caller, name);
                    Quota quota = there.kept().map(Namespaces.Kept::quota).orElse(Quota.UNLIMITED);
                    return namespaces.change(caller, name, terms(json, there.terms()), AccountJson.quota(json, quota));
                }))
                .toString();
    }

    @GET
    @Path("{name}/members")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "Who may use the whole namespace")
    public Listing members(@Context ContainerRequestContext request, @PathParam("name") String name) {
        return Listing.of(
                "members",
                AccessResource.COLUMNS,
                shareNames.list(AccessFilter.caller(request), new FileAddress(name, "")).stream()
                        .map(AccessResource::row)
                        .toList());
    }

    @PUT
    @Path("{name}/members/{user}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Gives somebody a role on the whole namespace: {\"role\"}")
    public Response addMember(
            @Context ContainerRequestContext request,
            @PathParam("name") String name,
            @PathParam("user") String user,
            String body) {
        String word = JsonBody.read(body, Set.of("role")).text("role");
        FileRole role = FileRole.parseGranted(word);
        request.setProperty(AuditNote.DETAIL, "role=" + word);
        Caller caller = AccessFilter.caller(request);
        grantRoles.grant(caller, new FileAddress(name, ""), user, role);
        return Response.noContent().build();
    }

    @DELETE
    @Path("{name}/members/{user}")
    @Operation(summary = "Takes somebody's role on the whole namespace away")
    public Response removeMember(
            @Context ContainerRequestContext request, @PathParam("name") String name, @PathParam("user") String user) {
        Caller caller = AccessFilter.caller(request);
        Contention.retryRun(() -> shareNames.revoke(caller, new FileAddress(name, ""), user));
        return Response.noContent().build();
    }

    private static NamespaceTerms terms(JsonBody json, NamespaceTerms others) {
        return new NamespaceTerms(
                number(json, "replicas", others.replicas()),
                json.text("placement", Optional.empty())
                        .map(NamespacesResource::placement)
                        .orElse(others.placement()),
                number(json, "durability", others.durability()),
                number(json, "versionsKept", others.versionsKept()));
    }

    private static int number(JsonBody json, String name, int there) {
        long value = json.number(name, Optional.of((long) there)).orElse((long) there);
        // Numbers that no int holds are as wrong as those that the terms refuse.
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
    }

    private static PlacementPolicy placement(String text) {
        return switch (text) {
            case "random" -> PlacementPolicy.RANDOM;
            case "hash" -> PlacementPolicy.HASH;
            default ->
                throw HoldfastException.of(
                        FailureKind.INVALID, "invalid-parameter", "The placement is random or hash.");
        };
    }

    static JsonObject row(Namespaces.NamespaceView namespace) {
        var json = JsonText.object()
                .add("name", namespace.name())
                .add("owner", namespace.owner())
                .add("replicas", namespace.terms().replicas())
                .add("placement", namespace.terms().placement().name().toLowerCase(Locale.ROOT))
                .add("durability", namespace.terms().durability())
                .add("versionsKept", namespace.terms().versionsKept());
        namespace
                .kept()
                .ifPresentOrElse(
                        kept -> json.add("files", kept.usage().files())
                                .add("bytes", kept.usage().bytes()),
                        () -> json.addNull("files").addNull("bytes"));
        AccountJson.add(json, namespace.kept().map(Namespaces.Kept::quota).orElse(Quota.UNLIMITED));
        return json.build();
    }
}
