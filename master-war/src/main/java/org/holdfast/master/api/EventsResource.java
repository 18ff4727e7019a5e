package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Query;
import org.holdfast.master.access.Access;
import org.holdfast.master.cluster.ListEvents;

/** {@code /api/v1/events}: what has happened to the nodes. */
@Path("events")
@Access(Access.Level.ADMINISTRATOR)
public class EventsResource {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 5_000;
    private static final List<String> COLUMNS =
            List.of("id", "at", "node", "kind", "was", "becomes", "account", "detail");

    @Inject
    ListEvents events;

    @Context
    UriInfo uri;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "The newest events, or those behind an id; by node")
    @Parameters({"node", "after", "limit"})
    public Listing list() {
        Query query = Query.parse(uri.getRequestUri().getRawQuery());
        Optional<Long> after = query.text("after").map(text -> query.number("after", 0, 0, Long.MAX_VALUE));
        return Listing.of(
                "events",
                COLUMNS,
                events.list(query.text("node"), after, (int) query.number("limit", DEFAULT_PAGE, 1, MAX_PAGE)).stream()
                        .map(EventsResource::row)
                        .toList());
    }

    private static JsonObject row(ListEvents.EventView event) {
        var json = JsonText.object()
                .add("id", event.id())
                .add("at", event.at().toString())
                .add("kind", event.what().kind().toLowerCase(Locale.ROOT))
                .add("detail", event.what().detail());
        event.node().ifPresent(node -> json.add("node", node));
        event.account().ifPresent(account -> json.add("account", account));
        event.what()
                .change()
                .ifPresent(change -> json.add("was", change.was().toLowerCase(Locale.ROOT))
                        .add("becomes", change.becomes().toLowerCase(Locale.ROOT)));
        return json.build();
    }
}
