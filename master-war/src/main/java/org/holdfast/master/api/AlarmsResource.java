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
import org.holdfast.master.alarm.KeepAlarms;

/** {@code /api/v1/alarms}: what an administrator should look at. */
@Path("alarms")
@Access(Access.Level.ADMINISTRATOR)
public class AlarmsResource {
    private static final List<String> COLUMNS = List.of("severity", "code", "subject", "since", "sentence");

    @Inject
    KeepAlarms alarms;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "What is wrong now, the oldest first")
    public Listing list() {
        return Listing.of(
                "alarms",
                COLUMNS,
                alarms.list().stream().map(AlarmsResource::row).toList());
    }

    private static JsonObject row(KeepAlarms.View alarm) {
        return JsonText.object()
                .add("code", alarm.alarm().kind().word())
                .add("severity", alarm.alarm().severity().word())
                .add("subject", alarm.alarm().subject())
                .add("sentence", alarm.alarm().sentence())
                .add("since", alarm.since().toString())
                .build();
    }
}
