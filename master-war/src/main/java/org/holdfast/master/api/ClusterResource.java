package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.JsonText;
import org.holdfast.master.access.Access;
import org.holdfast.master.catalog.ClusterTotals;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.Membership;
import org.holdfast.master.cluster.NodeView;

/** {@code /api/v1/cluster}: the whole store at a glance. */
@Path("cluster")
@Access(Access.Level.SIGNED_IN)
public class ClusterResource {
    private static final List<String> COLUMNS =
            List.of("files", "bytes", "copiesWanted", "copiesVerified", "underReplicated", "nodesRunning", "nodes");

    @Inject
    ClusterTotals totals;

    @Inject
    ClusterView cluster;

    @Inject
    Membership membership;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "Files, bytes, copies wanted and verified, nodes, masters")
    public Listing get() {
        ClusterTotals.Totals counted = totals.count();
        List<NodeView> nodes = cluster.nodes();
        JsonObject row = JsonText.object()
                .add("files", counted.files())
                .add("bytes", counted.bytes())
                .add("copiesWanted", counted.copiesWanted())
                .add("copiesVerified", counted.copiesVerified())
                .add("underReplicated", counted.underReplicated())
                .add("nodesRunning", nodes.stream().filter(NodeView::canRead).count())
                .add("nodes", nodes.size())
                .build();
        JsonObject envelope = JsonText.object()
                .add("masters", JsonText.array(membership.masters()))
                .build();
        return new Listing(envelope, "cluster", COLUMNS, List.of(row));
    }
}
