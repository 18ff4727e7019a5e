package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.JsonText;
import org.holdfast.master.access.Access;
import org.holdfast.master.replication.HealingRate;
import org.holdfast.master.replication.SafeToRemove;

/** {@code /api/v1/nodes/{name}/safe-to-remove}: may I pull this disk? */
@Path("nodes/{name}/safe-to-remove")
@Access(Access.Level.SIGNED_IN)
public class SafeToRemoveResource {
    private static final List<String> COLUMNS = List.of(
            "safe", "copies", "onlyCopyHereFiles", "belowTargetFiles", "belowTargetBytes", "etaSeconds", "verdict");

    @Inject
    SafeToRemove safeToRemove;

    @Inject
    HealingRate healingRate;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "Whether files would be lost, or have too few copies, without this node")
    public Listing get(@PathParam("name") String name) {
        SafeToRemove.Answer answer = safeToRemove.ask(name);
        JsonObjectBuilder envelope = JsonText.object()
                .add("node", answer.node())
                .add("safe", answer.isSafe())
                .add("verdict", answer.verdict())
                .add("copies", amount(answer.copies()))
                .add("onlyCopyHere", amount(answer.onlyCopyHere()))
                .add("belowTarget", amount(answer.belowTarget()));
        JsonObjectBuilder row = JsonText.object()
                .add("safe", answer.isSafe())
                .add("copies", answer.copies().files())
                .add("onlyCopyHereFiles", answer.onlyCopyHere().files())
                .add("belowTargetFiles", answer.belowTarget().files())
                .add("belowTargetBytes", answer.belowTarget().bytes())
                .add("verdict", answer.verdict());
        var eta = healingRate
                .now()
                .timeFor(answer.belowTarget().files(), answer.belowTarget().bytes());
        Seconds.add(envelope, "etaSeconds", eta);
        Seconds.add(row, "etaSeconds", eta);
        return new Listing(envelope.build(), "rows", COLUMNS, List.of(row.build()));
    }

    private static JsonObject amount(SafeToRemove.Amount amount) {
        return JsonText.object()
                .add("files", amount.files())
                .add("bytes", amount.bytes())
                .build();
    }
}
