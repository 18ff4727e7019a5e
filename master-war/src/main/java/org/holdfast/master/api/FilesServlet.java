package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.CommitReply;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.FileTime;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.HttpDate;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.Query;
import org.holdfast.contract.SharedPlaces.Taker;
import org.holdfast.master.access.Access;
import org.holdfast.master.catalog.ChangeNames;
import org.holdfast.master.catalog.FileView;
import org.holdfast.master.catalog.FindNames;
import org.holdfast.master.catalog.MasterPlaces;
import org.holdfast.master.catalog.MoveNames;
import org.holdfast.master.catalog.OneStepPut;
import org.holdfast.master.catalog.ReadFile;
import org.holdfast.master.catalog.WaitForPuts;
import org.holdfast.master.database.Contention;

/** {@code /api/v1/files/{namespace}/{path}}: put in one step, get by redirect, head, delete, move. */
@Access(Access.Level.SIGNED_IN)
@WebServlet(urlPatterns = FilesServlet.PREFIX + "*")
public class FilesServlet extends EndpointServlet {
    static final String PREFIX = "/api/v1/files/";
    private static final long serialVersionUID = 1L;
    private static final String VERSION = "version";
    private static final String ON_CONFLICT = "on-conflict";
    private static final String[] READING = {VERSION, "node", "noredirect"};

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
        Query query = exchange.query(READING);
        Optional<String> node = query.text("node");
        // A page can't follow a redirect to another origin, nor look where it leads: it asks to be told.
        boolean noRedirect = query.text("noredirect").filter("true"::equals).isPresent();
        HttpServletResponse response = exchange.response();
        response.setHeader("Cache-Control", "no-store");
        FileView known = find(exchange, address, query);
        if (isUnchanged(exchange, known)) {
            return;
        }
        ReadFile.Found found =
                readFile.locate(exchange.caller().name(), known, () -> find(exchange, address, query), node);
        response.setHeader("ETag", found.file().blob().digests().etag());
        tellFileTime(response, found.file());
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
        FileView file = find(exchange, address, exchange.query(READING));
        HttpServletResponse response = exchange.response();
        response.setHeader("Accept-Ranges", "bytes");
        response.setHeader("Holdfast-Version", Integer.toString(file.version()));
        if (isUnchanged(exchange, file)) {
            return;
        }
        file.blob().digests().contentMd5().ifPresent(md5 -> response.setHeader("Content-MD5", md5));
        response.setHeader("Repr-Digest", file.blob().digests().reprDigest());
        tellFileTime(response, file);
        response.setContentType(file.contentType());
        response.setContentLengthLong(file.blob().sizeBytes());
    }

    private void put(Exchange exchange, FileAddress address) throws IOException {
        var unused = exchange.query(PutRequest.OPTIONS);
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
        // None: who means an older version must not lose the file.
        var unused = exchange.query();
        Contention.retryRun(() -> changeNames.removeFile(exchange.caller(), address, exchange.conditions()));
        exchange.response().setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    private void move(Exchange exchange, FileAddress from) throws IOException {
        Query query = exchange.query("move-to", ON_CONFLICT);
        FileAddress to = query.text("move-to")
                .map(target -> FileAddress.parseFile(FileAddress.encode(target)))
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.INVALID,
                        "invalid-parameter",
                        "Add ?move-to=namespace/path, percent-encoded, to say where the file should go."));
        OnConflict onConflict = query.text(ON_CONFLICT).map(OnConflict::parse).orElse(OnConflict.FAIL);
        FileAddress moved =
                WaitForPuts.retry(() -> moveNames.move(exchange.caller(), from, to, onConflict, exchange.conditions()));
        exchange.response().setHeader("Location", PREFIX + moved.encoded());
        exchange.json(
                HttpServletResponse.SC_OK,
                JsonText.object()
                        .add("namespace", moved.namespace())
                        .add("path", moved.path())
                        .build()
                        .toString());
    }

    private static void tellFileTime(HttpServletResponse response, FileView file) {
        file.fileTime().ifPresent(time -> response.setHeader(FileTime.HEADER, time.toString()));
    }

    /** Whether the answer is 304, which is then given; PRECONDITION when a condition does not hold. */
    private static boolean isUnchanged(Exchange exchange, FileView file) {
        String etag = file.blob().digests().etag();
        Conditions.Verdict verdict = exchange.conditions().judge(etag, file.namedAt());
        if (verdict == Conditions.Verdict.FAILED) {
            throw HoldfastException.of(
                    FailureKind.PRECONDITION,
                    "precondition-failed",
                    "The file is not the one that the request's condition names.");
        }
        exchange.response().setHeader("ETag", etag);
        exchange.response().setHeader("Last-Modified", HttpDate.format(file.namedAt()));
        if (verdict == Conditions.Verdict.NOT_MODIFIED) {
            exchange.response().setStatus(HttpServletResponse.SC_NOT_MODIFIED);
        }
        return verdict == Conditions.Verdict.NOT_MODIFIED;
    }
}
