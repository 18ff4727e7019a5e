package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
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
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.CertifiedName;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.JsonText;
import org.holdfast.master.access.Access;
import org.holdfast.master.cluster.ChangeNode;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.JoinNode;
import org.holdfast.master.cluster.NodeView;

/** {@code /api/v1/nodes}: the storage nodes, and how a new one joins. */
@Path("nodes")
@Access(Access.Level.SIGNED_IN)
public class NodesResource {
    private static final List<String> COLUMNS =
            List.of("name", "status", "adminState", "zone", "capacityBytes", "usedBytes", "freeBytes", "url", "reason");

    @Inject
    ClusterView cluster;

    @Inject
    JoinNode joinNode;

    @Inject
    ChangeNode changeNode;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "All storage nodes with status and space")
    public Listing list() {
        return Listing.of(
                "nodes",
                COLUMNS,
                cluster.nodes().stream().map(NodesResource::row).toList());
    }

    @GET
    @Path("{name}")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "One storage node")
    public Listing get(@PathParam("name") String name) {
        return Listing.of("nodes", COLUMNS, List.of(row(cluster.require(name))));
    }

    @PATCH
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Access(Access.Level.ADMINISTRATOR)
    @Operation(summary = "Says what is wanted of a node; members left out stay as they are")
    public String change(@Context ContainerRequestContext request, @PathParam("name") String name, String body) {
        NodeView node = cluster.require(name);
        changeNode.change(
                name,
                NodeWish.read(body, node.terms()),
                AccessFilter.caller(request).accountId());
        return row(cluster.byId(node.id()).orElse(node)).toString();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Access(Access.Level.JOIN)
    @Operation(summary = "A storage node joins, or announces its present address")
    public Response join(@Context HttpServletRequest caller, String body) {
        JoinRequest request;
        try (var reader = JsonText.reader(body)) {
            request = JoinRequest.fromJson(reader.readObject());
        } catch (JsonException | NullPointerException | ClassCastException e) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", "The body is not a join request.", e);
        }
        requireOwnName(caller, request.report().name());
        return Response.status(Response.Status.CREATED)
                .header("Cache-Control", "no-store")
                .entity(joinNode.join(request).toJson().toString())
                .build();
    }

    /** Within TLS a node joins under the name that its certificate is made out to. */
    private static void requireOwnName(HttpServletRequest caller, String name) {
        ShownCertificate.of(caller).ifPresent(shown -> {
            String vouched =
                    Optional.ofNullable(caller.getHeader(CertifiedName.VOUCHED)).orElse(shown.name());
            if (!vouched.equals(name)) {
                throw HoldfastException.of(
                        FailureKind.FORBIDDEN,
                        "certificate-name",
                        "The certificate is made out to " + vouched + " and not to " + name + ".");
            }
        });
    }

    static JsonObject row(NodeView node) {
        var condition = node.condition();
        var json = JsonText.object()
                .add("name", node.name())
                .add("status", condition.status().name().toLowerCase(Locale.ROOT))
                .add("statusSince", condition.seen().since().toString())
                .add("adminState", condition.adminState().word())
                .add("adminSince", condition.wanted().since().toString())
                .add("zone", node.zone())
                .add("host", node.place().host())
                .add("capacityBytes", condition.room().capacityBytes())
                .add("usedBytes", condition.room().usedBytes())
                .add("freeBytes", condition.freeBytes())
                .add("url", node.publicUrl());
        condition.seen().reason().ifPresent(reason -> json.add("reason", reason));
        condition.heard().at().ifPresent(at -> json.add("lastSeenAt", at.toString()));
        node.terms().heal().ifPresent(heal -> json.add("heal", heal.name().toLowerCase(Locale.ROOT)));
        node.terms().bandwidthBytesPerSecond().ifPresent(bytes -> json.add("bandwidthBytesPerSecond", bytes));
        return json.build();
    }
}
