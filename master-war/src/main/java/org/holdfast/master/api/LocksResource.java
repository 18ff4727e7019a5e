package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Query;
import org.holdfast.master.access.Access;
import org.holdfast.master.account.Caller;
import org.holdfast.master.catalog.LockNames;
import org.holdfast.master.catalog.LockView;
import org.holdfast.master.database.Contention;

/** {@code /api/v1/locks/{namespace}/{path}}: who changes a file now, or has reserved it. */
@Path("locks/{address: .+}")
@Access(Access.Level.SIGNED_IN)
public class LocksResource {
    private static final String PREFIX = "/locks/";
    private static final List<String> COLUMNS = List.of("kind", "user", "since", "until", "path");

    @Inject
    LockNames lockNames;

    @Context
    UriInfo uri;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "The locks that stand on it and on all below it")
    public Listing list(@Context ContainerRequestContext request) {
        FileAddress address = RawPath.of(uri, PREFIX);
        var envelope = JsonText.object()
                .add("namespace", address.namespace())
                .add("path", address.path())
                .build();
        return new Listing(
                envelope,
                "locks",
                COLUMNS,
                lockNames.list(AccessFilter.caller(request), address).stream()
                        .map(LocksResource::row)
                        .toList());
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Locks it for the caller's account, or does so for longer (seconds)")
    @Parameters("seconds")
    public Response lock(@Context ContainerRequestContext request) {
        Caller caller = AccessFilter.caller(request);
        FileAddress address = RawPath.of(uri, PREFIX);
        Query query = Query.parse(uri.getRequestUri().getRawQuery());
        Optional<Duration> lease =
                query.text("seconds").map(told -> Duration.ofSeconds(query.number("seconds", 0, 1, Integer.MAX_VALUE)));
        LockView lock = Contention.retry(() -> lockNames.lock(caller, address, lease));
        return Response.status(Response.Status.CREATED)
                .entity(row(lock).toString())
                .build();
    }

    @DELETE
    @Operation(
            summary = "Ends the caller's lock; for its owner and administrators anybody's, and all below (recursive)")
    @Parameters("recursive")
    public Response unlock(@Context ContainerRequestContext request) {
        Caller caller = AccessFilter.caller(request);
        FileAddress address = RawPath.of(uri, PREFIX);
        Query query = Query.parse(uri.getRequestUri().getRawQuery());
        if (query.text("recursive").filter("true"::equals).isPresent()) {
            Contention.retryRun(() -> lockNames.unlockBelow(caller, address));
        } else {
            Contention.retryRun(() -> lockNames.unlock(caller, address));
        }
        return Response.noContent().build();
    }

    private static JsonObject row(LockView lock) {
        return JsonText.object()
                .add("namespace", lock.address().namespace())
                .add("path", lock.address().path())
                .add("kind", lock.kind().name().toLowerCase(Locale.ROOT))
                .add("user", lock.user())
                .add("token", lock.token())
                .add("since", lock.since().toString())
                .add("until", lock.until().toString())
                .build();
    }
}
