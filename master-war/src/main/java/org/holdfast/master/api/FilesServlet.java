package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.CommitReply;
import org.holdfast.contract.EntityTags;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.SharedPlaces.Taker;
import org.holdfast.master.access.Access;
import org.holdfast.master.catalog.ChangeNames;
import org.holdfast.master.catalog.FileView;
import org.holdfast.master.catalog.FindNames;
import org.holdfast.master.catalog.MasterPlaces;
import org.holdfast.master.catalog.MoveNames;
import org.holdfast.master.catalog.OneStepPut;
import org.holdfast.master.catalog.ReadFile;
import org.holdfast.master.database.Contention;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/files/{namespace}/{path}}: put in one step, get by redirect, head, delete, move. */
@Access(Access.Level.SIGNED_IN)
@WebServlet(urlPatterns = FilesServlet.PREFIX + "*")
public class FilesServlet extends EndpointServlet {
    static final String PREFIX = "/api/v1/files/";
    private static final long serialVersionUID = 1L;
    private static final String VERSION = "version";
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    @Inject
    transient MasterPlaces places;

    @Inject
    transient FindNames names;

    @Inject
    transient ReadFile readFile;

    @Inject
    transient OneStepPut oneStepPut;

    @Inject
    transient ChangeNames changeNames;

    @Inject
    transient MoveNames moveNames;

    @Inject
    transient ReadAt readAt;

    @Inject
    transient Traffic traffic;

    @Override
    protected void handle(Exchange exchange) throws IOException {
        FileAddress address = FileAddress.parseFile(exchange.rawPath(PREFIX));
        switch (exchange.request().getMethod()) {
            case "GET" -> get(exchange, address);
            case "HEAD" -> head(exchange, address);
            case "PUT" -> put(exchange, address);
            case "DELETE" -> delete(exchange, address);
            case "POST" -> move(exchange, address);
            default -> refuseMethod(exchange, "GET, HEAD, PUT, DELETE, POST");
        }
    }

    /** The current version, or the one that is asked for by its number. */
    private FileView find(Exchange exchange, FileAddress address, Query query) {
        return query.text(VERSION).isEmpty()
                ? names.file(exchange.caller(), address)
                : names.version(exchange.caller(), address, (int) query.number(VERSION, 1, 1, Integer.MAX_VALUE));
    }

    private void get(Exchange exchange, FileAddress address) throws IOException {
        Query query = Query.parse(exchange.request().getQueryString());
        Optional<String> node = query.text("node");
        // A page can't follow a redirect to another origin, nor look where it leads: it asks to be told.
        boolean noRedirect = query.text("noredirect").filter("true"::equals).isPresent();
        HttpServletResponse response = exchange.response();
        response.setHeader("Cache-Control", "no-store");
        FileView known = find(exchange, address, query);
        response.setHeader("ETag", known.blob().digests().etag());
        if (isUnchanged(exchange.header("If-None-Match"), known)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        ReadFile.Found found =
                readFile.locate(exchange.caller().name(), known, () -> find(exchange, address, query), node);
        response.setHeader("ETag", found.file().blob().digests().etag());
        traffic.downloaded();
        if (noRedirect) {
            exchange.json(
                    HttpServletResponse.SC_OK, readAt.json(found.location()).toString());
            return;
        }
        readAt.headers(found.location()).forEach(header -> response.addHeader(header.name(), header.value()));
        response.setStatus(HttpServletResponse.SC_TEMPORARY_REDIRECT);
    }

    private void head(Exchange exchange, FileAddress address) {
        FileView file = find(exchange, address, Query.parse(exchange.request().getQueryString()));
        HttpServletResponse response = exchange.response();
        response.setHeader("ETag", file.blob().digests().etag());
        response.setHeader("Accept-Ranges", "bytes");
        response.setHeader("Last-Modified", HTTP_DATE.format(file.modifiedAt()));
        response.setHeader("Holdfast-Version", Integer.toString(file.version()));
        if (isUnchanged(exchange.header("If-None-Match"), file)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        file.blob().digests().contentMd5().ifPresent(md5 -> response.setHeader("Content-MD5", md5));
        response.setHeader("Repr-Digest", file.blob().digests().reprDigest());
        response.setContentType(file.contentType());
        response.setContentLengthLong(file.blob().sizeBytes());
    }

    private void put(Exchange exchange, FileAddress address) throws IOException {
        var place = places.puts().take(Taker.of(exchange.caller().name()));
        try (place) {
            var request = exchange.request();
            long size = request.getContentLengthLong() < 0 ? BlobFacts.UNKNOWN_SIZE : request.getContentLengthLong();
            var wish = PutRequest.read(
                    exchange.caller(), request, address, size, Optional.ofNullable(request.getContentType()));
            CommitReply reply = oneStepPut.put(exchange.caller(), wish, PromptRequest.upload(request));
            exchange.request().setAttribute(AuditNote.BYTES, reply.blob().sizeBytes());
            HttpServletResponse response = exchange.response();
            response.setHeader("Location", PREFIX + reply.address().encoded());
            response.setHeader("ETag", reply.blob().digests().etag());
            response.setHeader("Repr-Digest", reply.blob().digests().reprDigest());
            if (reply.renamed()) {
                response.setHeader("Content-Location", PREFIX + reply.address().encoded());
            }
            traffic.uploaded();
            exchange.json(HttpServletResponse.SC_CREATED, reply.toJson().toString());
        }
    }

    private void delete(Exchange exchange, FileAddress address) {
        if (Query.parse(exchange.request().getQueryString()).text(VERSION).isPresent()) {
            // Who means an older version must not lose the file.
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "A file is removed as a whole, not a version of it.");
        }
        Optional<String> ifMatch = Optional.ofNullable(exchange.header("If-Match"));
        Contention.retryRun(() -> changeNames.removeFile(exchange.caller(), address, ifMatch));
        exchange.response().setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    private void move(Exchange exchange, FileAddress from) throws IOException {
        Query query = Query.parse(exchange.request().getQueryString());
        FileAddress to = query.text("move-to")
                .map(target -> FileAddress.parseFile(FileAddress.encode(target)))
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.INVALID,
                        "invalid-parameter",
                        "Add ?move-to=namespace/path, percent-encoded, to say where the file should go."));
        OnConflict onConflict = query.text("on-conflict").map(OnConflict::parse).orElse(OnConflict.FAIL);
        FileAddress moved = Contention.retry(() -> moveNames.move(exchange.caller(), from, to, onConflict));
        exchange.response().setHeader("Location", PREFIX + moved.encoded());
        exchange.json(
                HttpServletResponse.SC_OK,
                JsonText.object()
                        .add("namespace", moved.namespace())
                        .add("path", moved.path())
                        .build()
                        .toString());
    }

    private static boolean isUnchanged(@Nullable String ifNoneMatch, FileView file) {
        return ifNoneMatch != null
                && EntityTags.ifNoneMatchNames(
                        ifNoneMatch, file.blob().digests().etag());
    }
}
