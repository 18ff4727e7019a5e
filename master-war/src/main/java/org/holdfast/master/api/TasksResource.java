package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.master.access.Access;
import org.holdfast.master.database.Contention;
import org.holdfast.master.replication.TaskDesk;
import org.holdfast.master.replication.TaskState;

/** {@code /api/v1/tasks}: what is to be done, what came back, and what a person can do about it. */
@Path("tasks")
@Access(Access.Level.ADMINISTRATOR)
public class TasksResource {
    private static final int DEFAULT_PAGE = 200;
    private static final int MAX_PAGE = 5_000;
    private static final List<String> COLUMNS =
            List.of("id", "kind", "state", "source", "target", "attempt", "notBefore", "reason", "path");
    private static final List<String> ATTEMPT_COLUMNS =
            List.of("attempt", "worker", "source", "target", "outcome", "bytes", "endedAt", "detail");

    @Inject
    TaskDesk desk;

    @Context
    UriInfo uri;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "Tasks by state, node, after and limit")
    public Listing list() {
        Query query = Query.parse(uri.getRequestUri().getRawQuery());
        return Listing.of(
                "tasks",
                COLUMNS,
                desk
                        .list(
                                query.text("state").map(TasksResource::state),
                                query.text("node"),
                                query.text("after").orElse(""),
                                (int) query.number("limit", DEFAULT_PAGE, 1, MAX_PAGE))
                        .stream()
                        .map(TasksResource::row)
                        .toList());
    }

    @GET
    @Path("{id}")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "One task with its attempts")
    public Listing get(@PathParam("id") String id) {
        return new Listing(
                row(desk.get(id)),
                "attempts",
                ATTEMPT_COLUMNS,
                desk.attempts(id).stream().map(TasksResource::attempt).toList());
    }

    @POST
    @Path("{id}/retry")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Gives a dead, cancelled or waiting task a new series of attempts, at once")
    public String retry(@PathParam("id") String id) {
        return row(Contention.retry(() -> desk.retry(id))).toString();
    }

    @POST
    @Path("{id}/cancel")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Ends a task that is not done")
    public String cancel(@PathParam("id") String id) {
        return row(Contention.retry(() -> desk.cancel(id))).toString();
    }

    private static TaskState state(String text) {
        try {
            return TaskState.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "The parameter state must be queued, running, waiting, done, dead or cancelled.",
                    e);
        }
    }

    private static JsonObject row(TaskDesk.TaskView task) {
        JsonObjectBuilder json = JsonText.object()
                .add("id", task.id())
                .add("kind", task.kind().toLowerCase(Locale.ROOT))
                .add("state", task.state().name().toLowerCase(Locale.ROOT))
                .add("urgency", task.urgency().name().toLowerCase(Locale.ROOT))
                .add("path", task.path())
                .add("attempt", task.attempt())
                .add("createdAt", task.times().createdAt().toString())
                .add("changedAt", task.times().changedAt().toString())
                .add("notBefore", task.times().notBefore().toString());
        addRoute(json, task.route());
        addText(json, "reason", task.reason());
        return json.build();
    }

    private static JsonObject attempt(TaskDesk.AttemptView attempt) {
        JsonObjectBuilder json = JsonText.object()
                .add("attempt", attempt.attempt())
                .add("worker", attempt.worker())
                .add("outcome", attempt.outcome().toLowerCase(Locale.ROOT))
                .add("detail", attempt.detail())
                .add("bytes", attempt.bytes())
                .add("endedAt", attempt.endedAt().toString());
        addRoute(json, attempt.route());
        return json.build();
    }

    private static void addRoute(JsonObjectBuilder json, TaskDesk.Route route) {
        addText(json, "source", route.source());
        json.add("target", route.target());
    }

    private static void addText(JsonObjectBuilder json, String name, Optional<String> text) {
        text.ifPresentOrElse(value -> json.add(name, value), () -> json.addNull(name));
    }
}
