package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.ContentCoding;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.FileTime;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Query;
import org.holdfast.contract.Ticket;
import org.holdfast.storage.cluster.Membership;

/**
 * {@code PUT, GET, HEAD /api/v1/files/{namespace}/{path}} straight at a node: it asks a master with the client's own
 * credentials, and then takes the bytes in itself, sends them itself, or tells who has them.
 */
@Access(Access.Level.MASTER_DECIDES)
final class FilesServlet extends NodeServlet {
    static final String PREFIX = "/api/v1/files/";
    private static final String NODE = "node";
    private static final String SIZE = "size";
    private static final String UPLOADS = "/api/v1/uploads/";

    /** Tells a master that it is asked for the same put once more, after the one before did not answer. */
    static final String WRITER = "Holdfast-Writer";

    private static final List<String> PUT_HEADERS = List.of(
            "Authorization",
            "If-Match",
            "If-None-Match",
            "If-Unmodified-Since",
            "Content-MD5",
            "Repr-Digest",
            "Content-Digest",
            "Want-Repr-Digest",
            "Holdfast-Content-Type",
            FileTime.HEADER,
            WRITER);

    /** All conditions: of the answers of masters, those to HEAD are judged there. */
    private static final List<String> GET_HEADERS = Stream.concat(
                    Stream.of("Authorization", "Accept"), Conditions.HEADERS.stream())
            .toList();

    /** A member of {@code Link} with its target (RFC 8288); our masters send no commas within one. */
    private static final Pattern DUPLICATE = Pattern.compile("<([^>]*)>\\s*;[^,]*rel=\"?duplicate\"?[^,]*");

    private final transient AskMaster masters;
    private final transient Upload upload;
    private final transient Download download;

    FilesServlet(Membership membership, AskMaster masters, Upload upload, Download download) {
        super(membership, Set.of("PUT", "GET", "HEAD"));
        this.masters = masters;
        this.upload = upload;
        this.download = download;
    }

    /** The master that is asked knows which there are. */
    @Override
    void requireKnown(HttpServletRequest request) {}

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        requireCredentials(request);
        var address = FileAddress.parseFile(request.getRequestURI().substring(PREFIX.length()));
        switch (request.getMethod()) {
            case "PUT" -> put(address, request, response);
            case "GET" -> get(address, request, response);
            default -> MasterAnswer.pass(ask("HEAD", address, request), request, response);
        }
    }

    /** Without them a master could only refuse; strangers would have it at work through every node. */
    private static void requireCredentials(HttpServletRequest request) {
        if (request.getHeader("Authorization") == null) {
            throw HoldfastException.signInRequired();
        }
    }

    private void put(FileAddress address, HttpServletRequest request, HttpServletResponse response) throws IOException {
        ContentCoding.requireNone(request.getHeader("Content-Encoding"));
        Map<String, String> headers = AskMaster.headersOf(request, PUT_HEADERS);
        if (request.getContentType() != null) {
            headers.putIfAbsent("Holdfast-Content-Type", request.getContentType());
        }
        headers.putIfAbsent(WRITER, UUID.randomUUID().toString());
        String target = UPLOADS + address.encoded() + "?" + uploadQuery(request);
        var answer = masters.ask(new AskMaster.Question("POST", target, headers, ""));
        if (answer.statusCode() != HttpServletResponse.SC_CREATED) {
            MasterAnswer.pass(answer, request, response);
            return;
        }
        String text = ticketOf(location(answer));
        Ticket ticket = remember(request, membership().credentials().tickets().open(text));
        upload.run(ticket, text, request, response);
    }

    /** The client's options, with this node as the wanted origin and the size where the request tells it. */
    private String uploadQuery(HttpServletRequest request) {
        String self = membership().identity().name();
        Query told = Query.parse(request.getQueryString());
        if (told.text(SIZE).isPresent() || !told.text(NODE).orElse(self).equals(self)) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "A put at a node goes to this node, " + self
                            + ", and is as long as its body: no other node, no size.");
        }
        var query = new StringBuilder(NODE + "=" + self);
        if (request.getContentLengthLong() >= 0) {
            query.append("&" + SIZE + "=").append(request.getContentLengthLong());
        }
        if (request.getQueryString() != null) {
            for (String pair : request.getQueryString().split("&", -1)) {
                if (!pair.isEmpty() && !pair.startsWith(NODE + "=")) {
                    query.append('&').append(pair);
                }
            }
        }
        return query.toString();
    }

    private void get(FileAddress address, HttpServletRequest request, HttpServletResponse response) throws IOException {
        var answer = ask("GET", address, request);
        if (answer.statusCode() != HttpServletResponse.SC_TEMPORARY_REDIRECT) {
            MasterAnswer.pass(answer, request, response);
            return;
        }
        URI location = location(answer);
        if (!membership().identity().owns(location)) {
            MasterAnswer.pass(answer, request, response);
            return;
        }
        Ticket ticket = remember(request, membership().credentials().tickets().open(ticketOf(location)));
        if (!download.run(ticket, request, response)) {
            sendElsewhere(answer, response);
        }
    }

    /** The master believes that the bytes are here, but they are not: the next holder has them. */
    private void sendElsewhere(HttpResponse<String> answer, HttpServletResponse response) {
        var other = answer.headers().allValues("Link").stream()
                .flatMap(value -> DUPLICATE.matcher(value).results())
                .map(match -> match.group(1))
                .filter(target -> !membership().identity().owns(URI.create(target)))
                .findFirst();
        if (other.isEmpty()) {
            throw HoldfastException.comeBack(
                    "unavailable", "No copy of this file can be read at the moment.", java.time.Duration.ofSeconds(2));
        }
        response.setHeader("Location", other.get());
        response.setStatus(HttpServletResponse.SC_TEMPORARY_REDIRECT);
    }

    private HttpResponse<String> ask(String method, FileAddress address, HttpServletRequest request) {
        Map<String, String> headers = AskMaster.headersOf(request, GET_HEADERS);
        String query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
        return masters.ask(new AskMaster.Question(method, PREFIX + address.encoded() + query, headers, ""));
    }

    private static URI location(HttpResponse<String> answer) {
        return answer.headers().firstValue("Location").map(URI::create).orElseThrow(FilesServlet::strange);
    }

    private static String ticketOf(URI location) {
        Matcher ticket = Pattern.compile("(?:^|&)ticket=([^&]*)").matcher(String.valueOf(location.getRawQuery()));
        if (!ticket.find()) {
            throw strange();
        }
        return ticket.group(1);
    }

    private static HoldfastException strange() {
        return HoldfastException.of(FailureKind.UNAVAILABLE, "unavailable", "The master's answer can't be understood.");
    }
}
