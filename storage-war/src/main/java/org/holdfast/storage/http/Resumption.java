package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.InputStream;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Ticket;
import org.holdfast.storage.store.Beginnings;

/**
 * Where a put goes on: at its beginning, or with {@code Content-Range: bytes FIRST-LAST/SIZE} (RFC 9110, section 14.5) behind
 * the bytes of an earlier try that broke off and that are here.
 *
 * @param key under which beginnings of this put are kept; empty when the client told no {@code Holdfast-Writer}
 * @param firstByte position of the body's first byte in the file
 * @param lengthBytes length of the whole file as the request tells it, or {@link BlobFacts#UNKNOWN_SIZE}
 */
record Resumption(Optional<Beginnings.Key> key, long firstByte, long lengthBytes) {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    /** INVALID {@code invalid-parameter} for a range that is not the rest of the ticket's file. */
    static Resumption of(Ticket ticket, HttpServletRequest request) {
        Optional<Beginnings.Key> key = key(ticket, request);
        long bodyBytes = request.getContentLengthLong();
        String range = request.getHeader("Content-Range");
        if (range == null) {
            return new Resumption(key, 0, bodyBytes < 0 ? BlobFacts.UNKNOWN_SIZE : bodyBytes);
        }
        Matcher told = CONTENT_RANGE.matcher(range);
        if (key.isEmpty() || !told.matches()) {
            throw refused();
        }
        long first = Long.parseLong(told.group(1));
        long size = Long.parseLong(told.group(3));
        boolean isTheRest = Long.parseLong(told.group(2)) == size - 1
                && first < size
                && bodyBytes == size - first
                && ticket.blob().sizeBytes() == size;
        if (!isTheRest) {
            throw refused();
        }
        return new Resumption(key, first, size);
    }

    /** Which put it is; empty when the client did not tell its {@code Holdfast-Writer}. */
    static Optional<Beginnings.Key> key(Ticket ticket, HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader(FilesServlet.WRITER))
                .flatMap(writer -> ticket.terms()
                        .map(terms -> new Beginnings.Key(
                                terms.accountId(),
                                terms.keptShare().ownerId(),
                                terms.keptShare().namespaceId(),
                                ticket.address(),
                                writer)));
    }

    /**
     * What is here already, to be closed by the caller.
     *
     * @throws HoldfastException CONFLICT {@code wrong-offset} when that is less or more than the request says
     */
    InputStream open(Beginnings beginnings) {
        if (firstByte == 0) {
            return InputStream.nullInputStream();
        }
        Optional<Beginnings.Beginning> found = key.flatMap(beginnings::open);
        long here = found.map(Beginnings.Beginning::sizeBytes).orElse(0L);
        if (here != firstByte) {
            found.ifPresent(Beginnings.Beginning::close);
            throw HoldfastException.of(
                    FailureKind.CONFLICT,
                    "wrong-offset",
                    "There are " + here + " bytes of this put here; go on behind them.");
        }
        return found.orElseThrow().bytes();
    }

    private static HoldfastException refused() {
        return HoldfastException.of(
                FailureKind.INVALID,
                "invalid-parameter",
                "A put goes on with Holdfast-Writer and Content-Range: bytes FIRST-LAST/SIZE, up to the end of the file that"
                        + " the ticket is for.");
    }
}
