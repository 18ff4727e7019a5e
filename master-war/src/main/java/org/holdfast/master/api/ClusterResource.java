package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.JsonText;
import org.holdfast.master.access.Access;
import org.holdfast.master.catalog.ClusterTotals;
import org.holdfast.master.catalog.Safety;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.Membership;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.replication.HealingRate;

/** {@code /api/v1/cluster}: the whole store at a glance. */
@Path("cluster")
@Access(Access.Level.SIGNED_IN)
public class ClusterResource {
    private static final List<String> COLUMNS = List.of(
            "safety",
            "files",
            "bytes",
            "copiesWanted",
            "copiesGood",
            "copiesMissing",
            "underReplicated",
            "fewRunning",
            "endangered",
            "unreadable",
            "healBytesPerSecond",
            "healEtaSeconds",
            "healBeginsInSeconds",
            "nodesRunning",
            "nodes");

    @Inject
    HealingRate healingRate;

    @Inject
    ClusterTotals totals;

    @Inject
    ClusterView cluster;

    @Inject
    Membership membership;

    @Inject
    Clock clock;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "Files, bytes, copies wanted and verified, nodes, masters")
    public Listing get() {
        ClusterTotals.Totals counted = totals.count();
        List<NodeView> nodes = cluster.nodes();
        ClusterTotals.CopyTotals copies = counted.copies();
        HealingRate.Rate rate = healingRate.now();
        Instant now = clock.instant();
        Safety safety = Safety.of(counted, now);
        JsonObjectBuilder row = JsonText.object()
                .add("safety", safety.level().name().toLowerCase(Locale.ROOT))
                .add("verdict", safety.verdict())
                .add("files", counted.files())
                .add("bytes", counted.bytes())
                .add("copiesWanted", copies.wanted())
                .add("copiesVerified", copies.verified())
                .add("copiesGood", copies.good())
                .add("copiesMissing", copies.missing())
                .add("missingBytes", copies.missingBytes())
                .add("underReplicated", copies.underReplicated())
                .add("fewRunning", counted.fewRunning().versions())
                .add("endangered", copies.endangered())
                .add("unreadable", copies.unreadable())
                .add("healCopiesPerSecond", rate.copiesPerSecond())
                .add("healBytesPerSecond", Math.round(rate.bytesPerSecond()))
                .add("countedAt", counted.countedAt().toString())
                .add("nodesRunning", nodes.stream().filter(NodeView::canRead).count())
                .add("nodes", nodes.size());
        Seconds.add(row, "healEtaSeconds", rate.timeFor(copies.missing(), copies.missingBytes()));
        Seconds.add(
                row,
                "healBeginsInSeconds",
                counted.fewRunning().healingBeginsAt().map(at -> Duration.between(now, at)));
        JsonObject envelope = JsonText.object()
                .add("masters", JsonText.array(membership.masters()))
                .build();
        return new Listing(envelope, "cluster", COLUMNS, List.of(row.build()));
    }
}
