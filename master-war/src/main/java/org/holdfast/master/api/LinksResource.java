package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Query;
import org.holdfast.master.access.Access;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.LinkPasswords;
import org.holdfast.master.account.PeopleConfig;
import org.holdfast.master.catalog.ShareLinks;
import org.holdfast.master.database.Contention;

/** {@code /api/v1/links/{namespace}/{path}}: links for people without an account. */
@Path("links/{address: .+}")
@Access(Access.Level.SIGNED_IN)
public class LinksResource {
    private static final String PREFIX = "/links/";
    private static final List<String> COLUMNS = List.of("id", "madeBy", "madeAt", "expiresAt", "password");

    @Inject
    ShareLinks links;

    @Inject
    LinkPasswords passwords;

    @Inject
    PeopleConfig config;

    @Inject
    Clock clock;

    @Context
    UriInfo uri;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "The links to this very file or folder")
    public Listing list(@Context ContainerRequestContext request) {
        FileAddress address = RawPath.of(uri, PREFIX);
        return Listing.of(
                "links",
                COLUMNS,
                links.list(AccessFilter.caller(request), address).stream()
                        .map(LinksResource::row)
                        .toList());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Makes a link: {\"expiresAt\", \"password\"}, both may be left out; its text is shown once")
    public Response make(@Context ContainerRequestContext request, String body) {
        Caller caller = AccessFilter.caller(request);
        FileAddress address = RawPath.of(uri, PREFIX);
        JsonBody json = JsonBody.read(body.isBlank() ? "{}" : body, Set.of("expiresAt", "password"));
        Instant expiresAt = json.instant("expiresAt", Optional.empty())
                .orElseGet(() -> clock.instant().plus(ShareLinks.LIFE));
        // Asked first, so that nobody who may not makes this master compute hashes.
        var unused = links.list(caller, address);
        Optional<String> hash = json.text("password", Optional.empty()).map(passwords::hash);
        String id = Contention.retry(() -> links.make(caller, address, expiresAt, hash));
        return Response.status(Response.Status.CREATED)
                .header("Cache-Control", "no-store")
                .entity(JsonText.object()
                        .add("id", id)
                        .add("url", config.url() + SharedResource.PATH + links.token(id))
                        .add("expiresAt", expiresAt.toString())
                        .add("password", hash.isPresent())
                        .build()
                        .toString())
                .build();
    }

    @DELETE
    @Operation(summary = "Ends a link (id)")
    @Parameters("id")
    public Response end(@Context ContainerRequestContext request) {
        Caller caller = AccessFilter.caller(request);
        FileAddress address = RawPath.of(uri, PREFIX);
        String id = Query.parse(uri.getRequestUri().getRawQuery())
                .text("id")
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.INVALID, "invalid-parameter", "Add ?id=ID to say which link is to end."));
        Contention.retryRun(() -> links.end(caller, address, id));
        return Response.noContent().build();
    }

    private static JsonObject row(ShareLinks.View link) {
        return JsonText.object()
                .add("id", link.id())
                .add("madeBy", link.madeBy())
                .add("madeAt", link.madeAt().toString())
                .add("expiresAt", link.expiresAt().toString())
                .add("password", link.hasPassword())
                .build();
    }
}
