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
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Query;
import org.holdfast.master.access.Access;
import org.holdfast.master.account.Caller;
import org.holdfast.master.catalog.FileView;
import org.holdfast.master.catalog.FindNames;
import org.holdfast.master.catalog.Namespaces;
import org.holdfast.master.replication.CopiesOfBlob;
import org.holdfast.master.replication.ExplainCopies;
import org.holdfast.master.replication.ReplicaState;

/** {@code /api/v1/replicas/{namespace}/{path}}: where every copy of a file is. */
@Path("replicas/{address: .+}")
@Access(Access.Level.SIGNED_IN)
public class ReplicasResource {
    private static final List<String> COLUMNS =
            List.of("role", "priority", "node", "state", "verifiedAt", "nodeStatus");

    private static final List<String> MISSING_COLUMNS = List.of("node", "state", "when", "next", "why");

    @Inject
    FindNames names;

    @Inject
    Namespaces namespaces;

    @Inject
    CopiesOfBlob copies;

    @Inject
    ExplainCopies explainCopies;

    @Context
    UriInfo uri;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(
            summary =
                    "Origin and replicas of a file, by priority, with state and time of verification; for each missing"
                            + " copy why, what next, when. With show=missing a text has these instead")
    @Parameters("show")
    public Listing where(@Context ContainerRequestContext request) {
        Caller caller = AccessFilter.caller(request);
        FileView file = names.file(caller, RawPath.of(uri, "/replicas/"));
        List<CopiesOfBlob.Copy> all = copies.all(file.blob().id());
        int wanted = namespaces.get(caller, file.address().namespace()).terms().replicas() + 1;
        var envelope = JsonText.object()
                .add("namespace", file.address().namespace())
                .add("path", file.address().path())
                .add("version", file.version())
                .add("blob", file.blob().id().value())
                .add("size", file.blob().sizeBytes())
                .add("md5", file.blob().digests().require(DigestAlgorithm.MD5))
                .add("sha256", file.blob().digests().require(DigestAlgorithm.SHA_256))
                .add("wantedCopies", wanted)
                .add(
                        "verifiedCopies",
                        all.stream()
                                .filter(copy -> copy.state() == ReplicaState.VERIFIED)
                                .count());
        all.stream()
                .filter(CopiesOfBlob.Copy::isOrigin)
                .findFirst()
                .ifPresent(origin -> envelope.add("origin", origin.node().name()));
        List<JsonObject> missing = explainCopies.missing(file.blob().id(), wanted).stream()
                .map(ReplicasResource::row)
                .toList();
        List<JsonObject> replicas = all.stream().map(ReplicasResource::row).toList();
        boolean showMissing = Query.parse(uri.getRequestUri().getRawQuery())
                .text("show")
                .filter("missing"::equals)
                .isPresent();
        return showMissing
                ? new Listing(
                        envelope.add("replicas", JsonText.array(replicas)).build(), "missing", MISSING_COLUMNS, missing)
                : new Listing(envelope.add("missing", JsonText.array(missing)).build(), "replicas", COLUMNS, replicas);
    }

    private static JsonObject row(ExplainCopies.Missing missing) {
        var json = JsonText.object()
                .add("state", missing.state())
                .add("why", missing.why())
                .add("next", missing.next());
        missing.node().ifPresent(node -> json.add("node", node));
        missing.when().ifPresent(when -> json.add("when", when.toString()));
        return json.build();
    }

    private static JsonObject row(CopiesOfBlob.Copy copy) {
        var json = JsonText.object()
                .add("role", copy.isOrigin() ? "origin" : "replica")
                .add("priority", copy.priority())
                .add("node", copy.node().name())
                .add("url", copy.node().publicUrl())
                .add("state", copy.state().name().toLowerCase(Locale.ROOT))
                .add("nodeStatus", copy.node().condition().status().name().toLowerCase(Locale.ROOT));
        copy.verifiedAt().ifPresent(at -> json.add("verifiedAt", at.toString()));
        return json.build();
    }
}
