package org.holdfast.master.api;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.ContentCoding;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.FileTime;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.Query;
import org.holdfast.master.account.Caller;
import org.holdfast.master.catalog.RequestUpload;

/** Reads a put's options, which are the same for both ways of putting, out of a request. */
final class PutRequest {
    private static final int MAX_DURABILITY = 16;
    private static final int MAX_TYPE = 255;
    /** Fifteen entity tags: a ticket carries them along, beside the path, and has to fit into a request's head. */
    private static final int MAX_CONDITION = 1024;

    private static final int MAX_WRITER = 64;

    /** Query parameters of both ways of putting. */
    static final String[] OPTIONS = {"on-conflict", "durability", "exclude", "node"};

    private PutRequest() {}

    /** The wish; INVALID when a header or parameter is malformed. */
    static RequestUpload.Wish read(
            Caller caller, HttpServletRequest request, FileAddress address, long sizeBytes, Optional<String> type) {
        if (request.getHeader("Content-Range") != null) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "A part of a file is none; a put goes on at the storage node that has its beginning.");
        }
        ContentCoding.requireNone(request.getHeader("Content-Encoding"));
        Query query = Query.parse(request.getQueryString());
        String digest = request.getHeader("Repr-Digest");
        var terms = new PutTerms(
                        caller.name(),
                        query.text("on-conflict").map(OnConflict::parse).orElse(OnConflict.REPLACE),
                        conditions(request),
                        (int) query.number("durability", PutTerms.BY_NAMESPACE, 1, MAX_DURABILITY),
                        Digests.wanted(request.getHeader("Want-Repr-Digest")))
                .of(FileTime.parse(request.getHeader(FileTime.HEADER)));
        return new RequestUpload.Wish(
                address,
                sizeBytes,
                Digests.fromHeaders(
                        request.getHeader("Content-MD5"),
                        digest != null ? digest : request.getHeader("Content-Digest")),
                type.map(PutRequest::requireType),
                terms,
                new RequestUpload.NodeChoice(query.names("exclude"), query.text("node")),
                Optional.ofNullable(request.getHeader("Holdfast-Writer")).map(PutRequest::requireWriter));
    }

    private static Conditions conditions(HttpServletRequest request) {
        return Conditions.of(name -> {
            List<String> lines = Collections.list(request.getHeaders(name));
            if (lines.stream().mapToInt(String::length).sum() > MAX_CONDITION) {
                throw HoldfastException.of(
                        FailureKind.INVALID,
                        "invalid-parameter",
                        "The header " + name + " of a put has at most " + MAX_CONDITION + " characters.");
            }
            return lines;
        });
    }

    private static String requireWriter(String writer) {
        if (writer.length() > MAX_WRITER || !writer.matches("[A-Za-z0-9._~-]+")) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "The header Holdfast-Writer has 1 to " + MAX_WRITER + " of A-Z a-z 0-9 . _ ~ -");
        }
        return writer;
    }

    private static String requireType(String type) {
        if (type.length() > MAX_TYPE || !type.matches("[\\x20-\\x7e]+/[\\x20-\\x7e]+")) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "The content type is not a media type.");
        }
        return type;
    }
}
