package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Query;
import org.holdfast.contract.TaskMessage;
import org.holdfast.master.access.Access;
import org.holdfast.master.database.Contention;
import org.holdfast.master.replication.PauseDispatch;
import org.holdfast.master.replication.TaskDesk;
import org.holdfast.master.replication.TaskFilter;
import org.holdfast.master.replication.TaskState;
import org.holdfast.master.replication.Urgency;

/** {@code /api/v1/tasks}: what is to be done, what came back, and what a person can do about it. */
@Path("tasks")
@Access(Access.Level.ADMINISTRATOR)
public class TasksResource {
    private static final int DEFAULT_PAGE = 200;
    private static final int MAX_PAGE = 5_000;
    private static final List<String> COLUMNS =
            List.of("id", "kind", "state", "source", "target", "attempt", "progress", "notBefore", "reason", "path");

    private static final List<String> PAUSE_COLUMNS = List.of("kind", "by", "since", "reason");
    private static final List<String> ATTEMPT_COLUMNS =
            List.of("attempt", "worker", "source", "target", "outcome", "bytes", "endedAt", "detail");

    @Inject
    TaskDesk desk;

    @Inject
    PauseDispatch pauseDispatch;

    @Context
    UriInfo uri;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "Tasks by state, node, kind, urgency, path, namespace, after and limit")
    @Parameters({"state", "node", "kind", "urgency", "path", "namespace", "after", "limit"})
    public Listing list() {
        Query query = Query.parse(uri.getRequestUri().getRawQuery());
        var filter = new TaskFilter(
                query.text("state").map(text -> constant(TaskState.class, "state", text)),
                query.text("node"),
                query.text("kind").map(TasksResource::kind),
                query.text("urgency").map(text -> constant(Urgency.class, "urgency", text)),
                query.text("path").or(() -> query.text("namespace")));
        return Listing.of(
                "tasks",
                COLUMNS,
                desk
                        .list(filter, query.text("after").orElse(""), (int)
                                query.number("limit", DEFAULT_PAGE, 1, MAX_PAGE))
                        .stream()
                        .map(TasksResource::row)
                        .toList());
    }

    @GET
    @Path("pauses")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "What is not dispatched at the moment")
    public Listing pauses() {
        return Listing.of(
                "pauses",
                PAUSE_COLUMNS,
                pauseDispatch.all().stream().map(TasksResource::row).toList());
    }

    @POST
    @Path("pause")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "Stops the dispatch of all tasks, or of one kind, at all masters")
    @Parameters({"kind", "reason"})
    public Listing pause(@Context ContainerRequestContext request) {
        Query query = Query.parse(uri.getRequestUri().getRawQuery());
        Optional<TaskMessage.Kind> kind = query.text("kind").map(TasksResource::kind);
        Contention.retryRun(() -> pauseDispatch.pause(
                AccessFilter.caller(request).accountId(),
                kind,
                query.text("reason").orElse("")));
        return pauses();
    }

    @POST
    @Path("resume")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "Has the dispatch of all tasks, or of one kind, go on")
    @Parameters("kind")
    public Listing resume() {
        Query query = Query.parse(uri.getRequestUri().getRawQuery());
        Optional<TaskMessage.Kind> kind = query.text("kind").map(TasksResource::kind);
        Contention.retryRun(() -> pauseDispatch.resume(kind));
        return pauses();
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
    @Operation(summary = "Gives a dead, dismissed, cancelled or waiting task a new series of attempts, at once")
    public String retry(@PathParam("id") String id) {
        return row(Contention.retry(() -> desk.retry(id))).toString();
    }

    @POST
    @Path("{id}/cancel")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Ends a task that is not done, and has a worker that is at it break off")
    public String cancel(@PathParam("id") String id) {
        return row(Contention.retry(() -> desk.cancel(id))).toString();
    }

    @POST
    @Path("{id}/dismiss")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Takes note of a dead task, which is then neither listed as dead nor tried again")
    public String dismiss(@PathParam("id") String id) {
        return row(Contention.retry(() -> desk.dismiss(id))).toString();
    }

    private static TaskMessage.Kind kind(String text) {
        return constant(TaskMessage.Kind.class, "kind", text);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String parameter, String text) {
        try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            String known = Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "The parameter " + parameter + " must be one of " + known + ".",
                    e);
        }
    }

    private static JsonObject row(PauseDispatch.Pause pause) {
        return JsonText.object()
                .add(
                        "kind",
                        pause.kind()
                                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                                .orElse("all"))
                .add("by", pause.by())
                .add("since", pause.since().toString())
                .add("reason", pause.reason())
                .build();
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
        task.progress()
                .ifPresent(told -> json.add("worker", told.worker())
                        .add("bytes", told.bytes())
                        .add("totalBytes", told.totalBytes())
                        .add("bytesPerSecond", told.bytesPerSecond())
                        .add("progressAt", told.at().toString())
                        .add("progress", percent(told)));
        return json.build();
    }

    private static String percent(TaskDesk.Progress told) {
        return told.totalBytes() <= 0 ? "0%" : 100 * told.bytes() / told.totalBytes() + "%";
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
