package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
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
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.CertifiedName;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JoinReply;
import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Query;
import org.holdfast.contract.RemovedMembers;
import org.holdfast.contract.SignedCall;
import org.holdfast.master.access.Access;
import org.holdfast.master.cluster.ChangeNode;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.JoinNode;
import org.holdfast.master.cluster.NodeRegister;
import org.holdfast.master.cluster.NodeSamples;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.replication.CopiesOnNode;

/** {@code /api/v1/nodes}: the storage nodes, and how a new one joins. */
@Path("nodes")
@Access(Access.Level.SIGNED_IN)
public class NodesResource {
    private static final List<String> COLUMNS =
            List.of("name", "status", "adminState", "zone", "capacityBytes", "usedBytes", "freeBytes", "url", "reason");

    private static final Duration DEFAULT_SPAN = Duration.ofDays(1);
    private static final List<String> SAMPLE_COLUMNS = List.of(
            "at",
            "spanSeconds",
            "capacityBytes",
            "usedBytes",
            "freeBytes",
            "pingMicros",
            "maxPingMicros",
            "putsPerSecond",
            "getsPerSecond",
            "putBytesPerSecond",
            "getBytesPerSecond");

    @Inject
    ClusterView cluster;

    @Inject
    NodeSamples samples;

    @Inject
    Clock clock;

    @Context
    UriInfo uri;

    @Inject
    JoinNode joinNode;

    @Inject
    NodeRegister register;

    @Inject
    CopiesOnNode copiesOnNode;

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
        NodeView node = cluster.require(name);
        return new Listing(holdings(copiesOnNode.ask(node)), "nodes", COLUMNS, List.of(row(node)));
    }

    @GET
    @Path("{name}/samples")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "How full a node was, and how quickly it answered")
    @Parameters({"from", "to"})
    public Listing samples(@PathParam("name") String name) {
        Query query = Query.parse(uri.getRequestUri().getRawQuery());
        Instant to = query.text("to").map(text -> instant("to", text)).orElseGet(clock::instant);
        Instant from = query.text("from").map(text -> instant("from", text)).orElse(to.minus(DEFAULT_SPAN));
        return Listing.of(
                "samples",
                SAMPLE_COLUMNS,
                samples.list(cluster.require(name).id(), from, to).stream()
                        .map(NodesResource::row)
                        .toList());
    }

    private static Instant instant(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "The parameter " + name + " is a time such as 2026-03-01T12:00:00Z.",
                    e);
        }
    }

    private static JsonObject row(NodeSamples.Sample sample) {
        var json = JsonText.object()
                .add("at", sample.at().toString())
                .add("spanSeconds", sample.span().toSeconds())
                .add("capacityBytes", sample.room().capacityBytes())
                .add("usedBytes", sample.room().usedBytes())
                .add("freeBytes", sample.room().freeBytes());
        sample.ping().ifPresent(ping -> json.add("pingMicros", ping.toNanos() / 1_000));
        sample.maxPing().ifPresent(ping -> json.add("maxPingMicros", ping.toNanos() / 1_000));
        double seconds = sample.span().toSeconds();
        sample.traffic()
                .ifPresent(carried -> json.add("putsPerSecond", carried.puts() / seconds)
                        .add("getsPerSecond", carried.gets() / seconds)
                        .add("putBytesPerSecond", Math.round(carried.putBytes() / seconds))
                        .add("getBytesPerSecond", Math.round(carried.getBytes() / seconds)));
        return json.build();
    }

    @PATCH
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Access(Access.Level.ADMINISTRATOR)
    @Operation(summary = "Says what is wanted of a node; members left out stay as they are")
    public String change(@Context ContainerRequestContext request, @PathParam("name") String name, String body) {
        NodeView node = cluster.require(name);
        ChangeNode.Wish wish = NodeWish.read(body, node.terms());
        request.setProperty(AuditNote.DETAIL, body.strip());
        changeNode.change(name, wish, AccessFilter.caller(request).accountId());
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
        caller.setAttribute(AuditNote.OBJECT, request.report().name());
        requireOwnName(cluster, register, caller, request.report().name());
        Optional<String> signer = SignedCall.memberOf(caller.getHeader("Authorization"));
        signer.filter(name -> !name.equals(request.report().name())).ifPresent(name -> {
            throw CertifiedName.otherName(name, request.report().name());
        });
        JoinReply reply = signer.isPresent() ? joinNode.join(request) : joinNode.joinByToken(request);
        return Response.status(Response.Status.CREATED)
                .header("Cache-Control", "no-store")
                .entity(reply.toJson().toString())
                .build();
    }

    /**
     * Within TLS a node joins under the name that its certificate is made out to. Of whoever joins through a node that has
     * joined before, that node has seen the certificate. One from before a node of this name was removed may be in the
     * hands of who made its removal necessary.
     */
    static void requireOwnName(ClusterView cluster, NodeRegister register, HttpServletRequest caller, String name) {
        ShownCertificate.of(caller).ifPresent(shown -> {
            boolean passedOn = caller.getHeader(CertifiedName.VOUCHED) != null
                    && cluster.byName(shown.name()).isPresent();
            String certified = passedOn ? caller.getHeader(CertifiedName.VOUCHED) : shown.name();
            if (!certified.equals(name)) {
                throw CertifiedName.otherName(certified, name);
            }
            Instant madeAt = passedOn ? vouchedSince(caller) : shown.madeAt();
            register.removedAt(name).filter(removed -> !madeAt.isAfter(removed)).ifPresent(removed -> {
                throw RemovedMembers.refusal("node " + name, name, removed);
            });
        });
    }

    private static Instant vouchedSince(HttpServletRequest caller) {
        return Optional.ofNullable(caller.getHeader(CertifiedName.VOUCHED_SINCE))
                .map(text -> instant(CertifiedName.VOUCHED_SINCE, text))
                .orElse(Instant.EPOCH);
    }

    /** What it holds, and what keeps it from being empty when it leaves. */
    private static JsonObject holdings(CopiesOnNode.Answer copies) {
        JsonObjectBuilder byState = JsonText.object();
        copies.byState().forEach((state, count) -> byState.add(state.name().toLowerCase(Locale.ROOT), count));
        JsonObjectBuilder json = JsonText.object().add("copies", copies.total()).add("copiesByState", byState);
        copies.leaving()
                .ifPresent(leaving -> json.add(
                        "leaving",
                        JsonText.object()
                                .add("looked", leaving.looked())
                                .add("planned", leaving.planned())
                                .add("withoutPlace", leaving.blocked())));
        return json.build();
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
