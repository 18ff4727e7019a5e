package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.DownloadName;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileTime;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.HttpDate;
import org.holdfast.contract.Receipts;
import org.holdfast.contract.SharedPlaces.Taker;
import org.holdfast.contract.Ticket;
import org.holdfast.storage.store.BlobContent;
import org.holdfast.storage.store.BlobStore;

/** Answers a GET or HEAD whose ticket is valid with the blob, a part of it, or why not (RFC 9110, 9530). */
final class Download {
    private final BlobStore store;
    private final Transfers transfers;

    Download(BlobStore store, Transfers transfers) {
        this.store = store;
        this.transfers = transfers;
    }

    /**
     * Sends.
     *
     * @return false when the blob is not here, or is damaged and has been put away; nothing has been answered then
     */
    boolean run(Ticket ticket, HttpServletRequest request, HttpServletResponse response) throws IOException {
        // Whoever may bring a copy may ask whether it is here.
        boolean asks = ticket.operation() == Ticket.Operation.REPLICATE
                && request.getMethod().equals("HEAD");
        if (!ticket.operation().reads() && !asks) {
            throw HoldfastException.of(
                    FailureKind.FORBIDDEN, "ticket-invalid", "This ticket is not one for a download.");
        }
        BlobFacts facts = ticket.blob();
        try (var slot = transfers.begin(ticket.operation(), Taker.of(ticket.account(), request.getRemoteAddr()))) {
            var opened = store.open(facts.id());
            if (opened.isEmpty()) {
                return false;
            }
            try (BlobContent content = opened.get()) {
                if (content.sizeBytes() != facts.sizeBytes()) {
                    putAwayIfDamaged(facts, content.sizeBytes());
                    return false;
                }
                NodeServlet.certify(request, response, Receipts.Fact.HERE);
                new Sending(ticket, content, slot, request, response).run();
                return true;
            } finally {
                request.setAttribute(AuditNote.BYTES, slot.movedBytes());
            }
        }
    }

    /** The ticket alone is no proof against the disk; the sidecar is. */
    private void putAwayIfDamaged(BlobFacts facts, long actualBytes) {
        if (store.find(facts.id()).filter(blob -> !blob.isWhole()).isPresent()) {
            store.quarantine(facts.id(), "It has " + actualBytes + " bytes instead of " + facts.sizeBytes() + ".");
        }
    }

    /** One answer. */
    private record Sending(
            Ticket ticket,
            BlobContent content,
            Transfers.Slot slot,
            HttpServletRequest request,
            HttpServletResponse response) {

        void run() throws IOException {
            String etag = ticket.blob().digests().etag();
            Instant modified = ticket.namedAt();
            var conditions = Conditions.of(name -> Collections.list(request.getHeaders(name)));
            switch (conditions.judge(etag, modified)) {
                case FAILED ->
                    throw HoldfastException.of(
                            FailureKind.PRECONDITION,
                            "precondition-failed",
                            "The file is not the one that the request's condition names.");
                case NOT_MODIFIED -> {
                    validators(etag, modified);
                    response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
                }
                case SEND -> {
                    validators(etag, modified);
                    // A Range means something for GET only (RFC 9110, section 14.2).
                    boolean ranged = isGet() && conditions.rangeCounts(etag, modified);
                    send(ranged ? ByteRanges.parse(request.getHeader("Range"), size()) : Optional.empty());
                }
            }
        }

        private boolean isGet() {
            return request.getMethod().equals("GET");
        }

        private long size() {
            return ticket.blob().sizeBytes();
        }

        private void validators(String etag, Instant modified) {
            response.setHeader("ETag", etag);
            response.setHeader("Last-Modified", HttpDate.format(modified));
            response.setHeader("Cache-Control", "private, no-cache");
        }

        private void send(Optional<ByteRanges> ranges) throws IOException {
            response.setHeader("Accept-Ranges", "bytes");
            if (ranges.isPresent() && ranges.get().parts().isEmpty()) {
                unsatisfiable();
                return;
            }
            response.setHeader("Repr-Digest", ticket.blob().digests().reprDigest());
            ticket.fileTime().ifPresent(time -> response.setHeader(FileTime.HEADER, time.toString()));
            response.setHeader(
                    "Content-Disposition",
                    DownloadName.disposition(ticket.address().name()));
            // The bytes are a stranger's: no browser may take them for a page of ours.
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'");
            String type = DownloadName.mediaType(ticket.contentType());
            if (ranges.isEmpty()) {
                whole(type);
            } else if (ranges.get().parts().size() == 1) {
                single(type, ranges.get().parts().get(0));
            } else {
                multiple(type, ranges.get().parts());
            }
        }

        private void unsatisfiable() throws IOException {
            response.setHeader("Content-Range", "bytes */" + size());
            Answers.problemText(
                    request,
                    response,
                    HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE,
                    Answers.unsatisfiableRange(size()).toJson());
        }

        private void whole(String type) throws IOException {
            // Content-MD5 is of the body as sent (RFC 1864), so a part has none; Repr-Digest is of the whole.
            ticket.blob().digests().contentMd5().ifPresent(md5 -> response.setHeader("Content-MD5", md5));
            begin(HttpServletResponse.SC_OK, type, size());
            if (isGet()) {
                copy(new ByteRanges.Part(0, size() - 1), buffer(size()), out());
            }
        }

        private void single(String type, ByteRanges.Part part) throws IOException {
            response.setHeader("Content-Range", part.contentRange(size()));
            begin(HttpServletResponse.SC_PARTIAL_CONTENT, type, part.lengthBytes());
            copy(part, buffer(part.lengthBytes()), out());
        }

        private void multiple(String type, List<ByteRanges.Part> parts) throws IOException {
            String boundary = UUID.randomUUID().toString();
            var heads = new ArrayList<byte[]>();
            long total = 0;
            for (ByteRanges.Part part : parts) {
                byte[] head = ("\r\n--" + boundary + "\r\nContent-Type: " + type + "\r\nContent-Range: "
                                + part.contentRange(size()) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
                heads.add(head);
                total += head.length + part.lengthBytes();
            }
            byte[] end = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
            total += end.length;
            begin(HttpServletResponse.SC_PARTIAL_CONTENT, "multipart/byteranges; boundary=" + boundary, total);
            byte[] buffer = buffer(total);
            OutputStream out = out();
            for (int i = 0; i < parts.size(); i++) {
                out.write(heads.get(i));
                copy(parts.get(i), buffer, out);
            }
            out.write(end);
        }

        private void begin(int status, String type, long lengthBytes) {
            response.setStatus(status);
            response.setContentType(type);
            response.setContentLengthLong(lengthBytes);
        }

        private OutputStream out() throws IOException {
            return slot.steady(response.getOutputStream());
        }

        /** The response's own buffer is made as large, for one write to the socket each. */
        private byte[] buffer(long transferBytes) {
            int bytes = slot.pieceBytes(transferBytes);
            response.setBufferSize(bytes);
            return new byte[bytes];
        }

        private void copy(ByteRanges.Part part, byte[] buffer, OutputStream out) throws IOException {
            long position = part.first();
            while (position <= part.last()) {
                int read = content.read(position, buffer);
                if (read < 0) {
                    throw new IOException("blob " + ticket.blob().id() + " ended at " + position);
                }
                int wanted = (int) Math.min(read, part.last() - position + 1);
                try {
                    out.write(buffer, 0, wanted);
                } catch (IOException e) {
                    throw new ClientGone(e);
                }
                slot.sent(wanted);
                position += wanted;
            }
        }
    }
}
