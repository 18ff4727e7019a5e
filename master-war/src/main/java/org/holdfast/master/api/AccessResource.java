package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Query;
import org.holdfast.master.access.Access;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.account.Caller;
import org.holdfast.master.catalog.GrantRoles;
import org.holdfast.master.catalog.ShareNames;
import org.holdfast.master.database.Contention;

/** {@code /api/v1/access/{namespace}/{path}}: who may do what with a file or a folder. */
@Path("access/{address: .+}")
@Access(Access.Level.SIGNED_IN)
public class AccessResource {
    private static final String PREFIX = "/access/";
    static final List<String> COLUMNS = List.of("user", "role", "grantedBy", "grantedAt", "from");

    @Inject
    ShareNames shareNames;

    @Inject
    GrantRoles grantRoles;

    @Context
    UriInfo uri;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "Who may use it, and from where that is inherited")
    public Listing list(@Context ContainerRequestContext request) {
        FileAddress address = RawPath.of(uri, PREFIX);
        var envelope = JsonText.object()
                .add("namespace", address.namespace())
                .add("path", address.path())
                .build();
        return new Listing(
                envelope,
                "access",
                COLUMNS,
                shareNames.list(AccessFilter.caller(request), address).stream()
                        .map(AccessResource::row)
                        .toList());
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Gives somebody a role on it: {\"user\", \"role\": \"master\"|\"editor\"|\"reader\"}")
    public Response grant(@Context ContainerRequestContext request, String body) {
        Caller caller = AccessFilter.caller(request);
        FileAddress address = RawPath.of(uri, PREFIX);
        JsonBody json = JsonBody.read(body, Set.of("user", "role"));
        String user = json.text("user");
        FileRole role = FileRole.parseGranted(json.text("role"));
        request.setProperty(AuditNote.DETAIL, "user=" + user + " role=" + json.text("role"));
        grantRoles.grant(caller, address, user, role);
        return Response.noContent().build();
    }

    @DELETE
    @Operation(summary = "Takes somebody's role away (user)")
    @Parameters("user")
    public Response revoke(@Context ContainerRequestContext request) {
        Caller caller = AccessFilter.caller(request);
        FileAddress address = RawPath.of(uri, PREFIX);
        String user = Query.parse(uri.getRequestUri().getRawQuery())
                .text("user")
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.INVALID, "invalid-parameter", "Add ?user=NAME to say whose role is taken away."));
        Contention.retryRun(() -> shareNames.revoke(caller, address, user));
        return Response.noContent().build();
    }

    static JsonObject row(ShareNames.Permit permit) {
        var json = JsonText.object()
                .add("user", permit.user())
                .add("role", permit.role().name().toLowerCase(Locale.ROOT))
                .add("from", permit.from().toString());
        permit.grantedBy().ifPresentOrElse(by -> json.add("grantedBy", by), () -> json.addNull("grantedBy"));
        permit.grantedAt().ifPresentOrElse(at -> json.add("grantedAt", at.toString()), () -> json.addNull("grantedAt"));
        return json.build();
    }
}
