package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.master.access.Access;
import org.holdfast.master.database.Contention;
import org.holdfast.master.replication.HealingRate;
import org.holdfast.master.replication.Rebalance;

/** {@code /api/v1/cluster/rebalance}: copies go from full nodes to empty ones. */
@Path("cluster/rebalance")
@Access(Access.Level.ADMINISTRATOR)
public class RebalanceResource {
    private static final List<String> COLUMNS = List.of("from", "to", "bytes", "bytesBegun", "copiesBegun");
    private static final double DEFAULT_SPREAD = 0.05;

    @Inject
    Rebalance rebalance;

    @Inject
    HealingRate healingRate;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "The moves that are under way")
    public Listing get() {
        return listing(rebalance.underWay());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "Starts to move copies, or tells what would be moved: {\"dryRun\", \"spread\"}")
    public Listing start(String body) {
        JsonObject json = JsonBody.read(body, Set.of("dryRun", "spread")).object();
        double spread = DEFAULT_SPREAD;
        boolean dryRun;
        try {
            dryRun = json.containsKey("dryRun") && json.getBoolean("dryRun");
            if (json.containsKey("spread")) {
                spread = json.getJsonNumber("spread").doubleValue();
            }
        } catch (ClassCastException e) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "dryRun is true or false, spread a number.", e);
        }
        double allowed = spread;
        return listing(dryRun ? rebalance.plan(allowed) : Contention.retry(() -> rebalance.start(allowed)));
    }

    @DELETE
    @Operation(summary = "Stops: what has not landed stays where it is")
    public void stop() {
        Contention.retryRun(rebalance::stop);
    }

    private Listing listing(List<Rebalance.MoveView> moves) {
        long bytes = moves.stream()
                .mapToLong(move -> Math.max(0, move.bytes() - move.bytesBegun()))
                .sum();
        JsonObjectBuilder envelope = JsonText.object().add("bytesLeft", bytes);
        // As long as nothing has been copied there is no rate to go by.
        Seconds.add(envelope, "etaSeconds", healingRate.now().timeFor(moves.isEmpty() ? 0 : 1, bytes));
        return new Listing(
                envelope.build(),
                "moves",
                COLUMNS,
                moves.stream().map(RebalanceResource::row).toList());
    }

    private static JsonObject row(Rebalance.MoveView move) {
        return JsonText.object()
                .add("from", move.from())
                .add("to", move.to())
                .add("bytes", move.bytes())
                .add("bytesBegun", move.bytesBegun())
                .add("copiesBegun", move.copiesBegun())
                .build();
    }
}
