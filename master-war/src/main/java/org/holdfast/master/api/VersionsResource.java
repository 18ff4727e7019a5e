package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.master.access.Access;
import org.holdfast.master.account.Caller;
import org.holdfast.master.catalog.FileView;
import org.holdfast.master.catalog.ListVersions;
import org.holdfast.master.catalog.RestoreVersion;
import org.holdfast.master.database.Contention;

/** {@code /api/v1/versions/{namespace}/{path}}: what a file was before, and how to have that back. */
@Path("versions/{address: .+}")
@Access(Access.Level.SIGNED_IN)
public class VersionsResource {
    private static final String PREFIX = "/versions/";
    private static final List<String> COLUMNS = List.of("version", "isCurrent", "size", "modified", "by", "sha256");

    @Inject
    ListVersions versions;

    @Inject
    RestoreVersion restoreVersion;

    @Context
    UriInfo uri;

    @GET
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN, ListingWriter.TSV})
    @Operation(summary = "The versions of a file that are kept, the newest first")
    public Listing list(@Context ContainerRequestContext request) {
        FileAddress address = RawPath.of(uri, PREFIX);
        return new Listing(
                address(address).build(),
                "versions",
                COLUMNS,
                versions.of(AccessFilter.caller(request), address).stream()
                        .map(VersionsResource::row)
                        .toList());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Makes an older version the current one again: {\"version\"}; it gets the next number")
    @LooksAtConditions
    public String restore(@Context ContainerRequestContext request, String body) {
        Caller caller = AccessFilter.caller(request);
        FileAddress address = RawPath.of(uri, PREFIX);
        JsonBody json = JsonBody.read(body, Set.of("version"));
        request.setProperty(AuditNote.DETAIL, json.told());
        int number = json.number("version", Optional.empty())
                .filter(told -> told >= 1 && told <= Integer.MAX_VALUE)
                .map(Long::intValue)
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.INVALID,
                        "invalid-parameter",
                        "The body needs the member version, the number of the version to restore."));
        FileView restored = Contention.retry(
                () -> restoreVersion.restore(caller, address, number, NothingOverlooked.conditions(request)));
        return add(address(address), restored).build().toString();
    }

    private static JsonObjectBuilder address(FileAddress address) {
        return JsonText.object().add("namespace", address.namespace()).add("path", address.path());
    }

    private static JsonObject row(ListVersions.Version version) {
        return add(JsonText.object(), version.file())
                .add("by", version.by())
                .add("isCurrent", version.isCurrent())
                .build();
    }

    private static JsonObjectBuilder add(JsonObjectBuilder json, FileView file) {
        file.fileTime().ifPresent(time -> json.add(FoldersResource.FILE_TIME, time.toString()));
        return json.add("version", file.version())
                .add("blob", file.blob().id().value())
                .add("etag", file.blob().digests().etag())
                .add("size", file.blob().sizeBytes())
                .add("md5", file.blob().digests().require(DigestAlgorithm.MD5))
                .add("sha256", file.blob().digests().require(DigestAlgorithm.SHA_256))
                .add("contentType", file.contentType())
                .add("modified", file.modifiedAt().toString());
    }
}
