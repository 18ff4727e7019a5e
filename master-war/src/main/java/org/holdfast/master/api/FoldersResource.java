package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Query;
import org.holdfast.master.access.Access;
import org.holdfast.master.account.Caller;
import org.holdfast.master.catalog.ChangeNames;
import org.holdfast.master.catalog.ListFolder;
import org.holdfast.master.catalog.RemoveTree;
import org.holdfast.master.database.Contention;

/** {@code /api/v1/folders/{namespace}/{path}}: list, make, remove. */
@Path("folders/{address: .+}")
@Access(Access.Level.SIGNED_IN)
public class FoldersResource {
    private static final String PREFIX = "/folders/";
    private static final int DEFAULT_PAGE = 1_000;
    private static final int A_DAY_SECONDS = 86_400;
    /** Last, so that scripts of earlier releases find the others where they were. */
    static final String FILE_TIME = "fileTime";

    private static final List<String> COLUMNS = List.of("type", "size", "modified", "etag", "name", FILE_TIME);

    @Inject
    ListFolder listFolder;

    @Inject
    ChangeNames changeNames;

    @Inject
    RemoveTree removeTree;

    @Context
    UriInfo uri;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "One page of a folder's names (limit, after), in byte order")
    @Parameters({"limit", "after"})
    public Response list(@Context ContainerRequestContext request) {
        FileAddress folder = RawPath.of(uri, PREFIX);
        Query query = Query.parse(uri.getRequestUri().getRawQuery());
        ListFolder.Page page = listFolder.page(
                AccessFilter.caller(request), folder, query.text("after").orElse(""), (int)
                        query.number("limit", DEFAULT_PAGE, 1, ListFolder.MAX_PAGE));
        var envelope = JsonText.object().add("namespace", folder.namespace()).add("path", folder.path());
        page.next().ifPresentOrElse(next -> envelope.add("next", next), () -> envelope.addNull("next"));
        var listing = new Listing(
                envelope.build(),
                "entries",
                COLUMNS,
                page.entries().stream().map(FoldersResource::row).toList());
        var response = Response.ok(listing);
        page.next().ifPresent(next -> response.header("Holdfast-Next", FileAddress.encode(next)));
        return response.build();
    }

    @PUT
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Makes the folder and its parents")
    @LooksAtConditions
    public Response make(@Context ContainerRequestContext request) {
        FileAddress folder = RawPath.of(uri, PREFIX);
        Contention.retryRun(() ->
                changeNames.makeFolder(AccessFilter.caller(request), folder, NothingOverlooked.conditions(request)));
        return Response.status(Response.Status.CREATED)
                .entity(JsonText.object()
                        .add("namespace", folder.namespace())
                        .add("path", folder.path())
                        .build()
                        .toString())
                .build();
    }

    @DELETE
    @Operation(summary = "Removes an empty folder, or with ?recursive=true all that is in it, step by step")
    @Parameters({"recursive", "within"})
    @LooksAtConditions
    public Response remove(@Context ContainerRequestContext request) {
        Caller caller = AccessFilter.caller(request);
        FileAddress folder = RawPath.of(uri, PREFIX);
        Query query = Query.parse(uri.getRequestUri().getRawQuery());
        if (query.text("recursive").filter("true"::equals).isPresent()) {
            Duration within = Duration.ofSeconds(query.number("within", A_DAY_SECONDS, 1, A_DAY_SECONDS));
            var progress = removeTree.within(caller, folder, NothingOverlooked.conditions(request), within);
            if (!progress.isDone()) {
                return Response.accepted(JsonText.object()
                                .add("path", folder.path())
                                .add("removedFiles", progress.files())
                                .build()
                                .toString())
                        .type(MediaType.APPLICATION_JSON)
                        .build();
            }
        } else {
            Contention.retryRun(
                    () -> changeNames.removeEmptyFolder(caller, folder, NothingOverlooked.conditions(request)));
        }
        return Response.noContent().build();
    }

    static JsonObject row(ListFolder.Entry entry) {
        var json = JsonText.object()
                .add("name", entry.name())
                .add("type", entry.file().isPresent() ? "file" : "folder")
                .add("modified", entry.modifiedAt().toString());
        entry.file().ifPresent(file -> {
            json.add("size", file.sizeBytes())
                    .add("etag", '"' + file.sha256() + '"')
                    .add("version", file.version())
                    .add("contentType", file.contentType());
            file.fileTime().ifPresent(time -> json.add(FILE_TIME, time.toString()));
        });
        return json.build();
    }
}
