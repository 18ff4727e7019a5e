package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import java.util.stream.Stream;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.CommitReply;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Landing;
import org.holdfast.contract.Receipts;
import org.holdfast.contract.SharedPlaces.Taker;
import org.holdfast.contract.Ticket;
import org.holdfast.storage.cluster.CommitUpload;
import org.holdfast.storage.cluster.ForwardUploads;
import org.holdfast.storage.cluster.HoldLocks;
import org.holdfast.storage.store.Beginnings;
import org.holdfast.storage.store.BlobStore;
import org.holdfast.storage.store.ReceiveBlob;
import org.holdfast.storage.store.Reception;
import org.jspecify.annotations.Nullable;

/** Takes in the body of a PUT whose ticket is valid, and answers. */
final class Upload {
    private final BlobStore store;
    private final ReceiveBlob receive;
    private final ForwardUploads forward;
    private final CommitUpload commit;
    private final HoldLocks locks;
    private final Transfers transfers;
    private final LatestTry tries = new LatestTry();

    Upload(
            BlobStore store,
            ReceiveBlob receive,
            ForwardUploads forward,
            CommitUpload commit,
            HoldLocks locks,
            Transfers transfers) {
        this.store = store;
        this.receive = receive;
        this.forward = forward;
        this.commit = commit;
        this.locks = locks;
        this.transfers = transfers;
    }

    /**
     * Carries out one upload.
     *
     * @param text the ticket as it was shown
     */
    void run(Ticket ticket, String text, HttpServletRequest request, HttpServletResponse response) throws IOException {
        try (var slot = transfers.begin(ticket.operation(), Taker.of(ticket.account(), request.getRemoteAddr()))) {
            try {
                run(ticket, text, slot, request, response);
            } finally {
                request.setAttribute(AuditNote.BYTES, slot.movedBytes());
            }
        }
    }

    private void run(
            Ticket ticket, String text, Transfers.Slot slot, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        switch (ticket.operation()) {
            case PUT -> put(ticket, text, slot, request, response);
            case LAND -> land(ticket, text, slot, request, response);
            case REPLICATE -> replicate(ticket, slot, request, response);
            case GET, COPY, DELETE, VERIFY ->
                throw HoldfastException.of(
                        FailureKind.FORBIDDEN, "ticket-invalid", "This ticket is not one for an upload.");
        }
    }

    private void put(
            Ticket ticket, String text, Transfers.Slot slot, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var resumption = Resumption.of(ticket, request);
        var upload = new ReceiveBlob.Upload(ticket, resumption.lengthBytes(), told(request), resumption.key());
        CommitUpload.Decision decision;
        try (var mine = tries.begin(resumption.key());
                var lock = locks.begin(ticket);
                var begun = new Begun(resumption.open(store.beginnings()), lock);
                var forwarding = forward.begin(upload, text)) {
            var whole = new SequenceInputStream(begun, new Body(request, slot, lock, mine));
            var received = receive.receive(forwarding.tee(whole), upload);
            decision = commit.commit(text, forwarding.complete(received), received.landed());
            lock.settled();
            if (decision.isUnknownToMasters()) {
                forwarding.withdraw();
            }
        }
        ClusterCall.Answer answer = decision.answer();
        if (!answer.isSuccess()) {
            Answers.problemText(request, response, answer.status(), answer.body());
            return;
        }
        answer.json().map(CommitReply::fromJson).ifPresent(reply -> {
            response.setHeader("ETag", reply.blob().digests().etag());
            response.setHeader(
                    "Content-Location", "/api/v1/files/" + reply.address().encoded());
        });
        Answers.json(response, HttpServletResponse.SC_CREATED, answer.body());
    }

    private void land(
            Ticket ticket, String text, Transfers.Slot slot, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var upload = upload(ticket, request);
        try (var mine = tries.begin(Optional.empty());
                var lock = locks.begin(ticket);
                var forwarding = forward.begin(upload, text)) {
            var received = receive.receive(forwarding.tee(new Body(request, slot, lock, mine)), upload);
            lock.settled();
            answerLanding(response, forwarding.complete(received), received.landed());
        }
    }

    private void replicate(Ticket ticket, Transfers.Slot slot, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        // Taken in even where the blob is: only bytes that were just read are known to be right.
        if (store.find(ticket.blob().id()).filter(blob -> !blob.isWhole()).isPresent()) {
            store.quarantine(ticket.blob().id(), "Found damaged when a good copy arrived.");
        }
        // A further copy of what is there already has no lock; none is held.
        try (var mine = tries.begin(Optional.empty());
                var lock = locks.begin(ticket)) {
            var received = receive.receive(new Body(request, slot, lock, mine), upload(ticket, request));
            store.promote(ticket.blob().id());
            NodeServlet.certify(request, response, Receipts.Fact.HERE);
            answerLanding(response, forward.here(received.facts()), received.landed());
        }
    }

    /** Answers a HEAD whose ticket is one for a PUT: how much of it is here, after an earlier try that broke off. */
    void offset(Ticket ticket, HttpServletRequest request, HttpServletResponse response) {
        Optional<Beginnings.Key> key = Resumption.key(ticket, request);
        key.ifPresent(tries::end);
        long bytes = key.map(put -> store.beginnings().sizeBytes(put)).orElse(0L);
        response.setHeader("Upload-Offset", Long.toString(bytes));
        response.setHeader("Cache-Control", "no-store");
        onAConnectionOfItsOwn(response);
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    /**
     * Has a browser send what comes next on another connection. When one that was used before breaks, browsers take it for
     * stale and send the whole body again, without a word to the page that would go on with the rest.
     */
    static void onAConnectionOfItsOwn(HttpServletResponse response) {
        response.setHeader("Connection", "close");
    }

    private static ReceiveBlob.Upload upload(Ticket ticket, HttpServletRequest request) {
        long lengthBytes = request.getContentLengthLong();
        return new ReceiveBlob.Upload(ticket, lengthBytes < 0 ? BlobFacts.UNKNOWN_SIZE : lengthBytes, told(request));
    }

    private static Digests told(HttpServletRequest request) {
        return Digests.fromHeaders(request.getHeader("Content-MD5"), digestHeaders(request));
    }

    private static @Nullable String digestHeaders(HttpServletRequest request) {
        var told = Stream.of("Repr-Digest", "Content-Digest")
                .map(request::getHeader)
                .filter(value -> value != null && !value.isBlank())
                .toList();
        return told.isEmpty() ? null : String.join(", ", told);
    }

    private static void answerLanding(HttpServletResponse response, Landing landing, Reception.Landed landed)
            throws IOException {
        int status = landed == Reception.Landed.NEW ? HttpServletResponse.SC_CREATED : HttpServletResponse.SC_OK;
        response.setHeader("ETag", landing.blob().digests().etag());
        Answers.json(response, status, landing.toJson().toString());
    }

    /** What is here already: reading it takes time, and the sender is as busy as if it sent that. */
    private static final class Begun extends FilterInputStream {
        private final HoldLocks.Hold lock;

        Begun(InputStream bytes, HoldLocks.Hold lock) {
            super(bytes);
            this.lock = lock;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            lock.flows(Math.max(0, read));
            return read;
        }
    }

    /** Counts, and turns a lost connection into an answer that lets a sender which is still there try again. */
    private static final class Body extends FilterInputStream {
        private final HttpServletRequest request;
        private final Transfers.Slot slot;
        private final HoldLocks.Hold lock;
        private final LatestTry.Try mine;

        Body(HttpServletRequest request, Transfers.Slot slot, HoldLocks.Hold lock, LatestTry.Try mine)
                throws IOException {
            super(slot.steady(request.getInputStream()));
            this.mine = mine;
            this.request = request;
            this.slot = slot;
            this.lock = lock;
        }

        /** The container's own work. */
        @Override
        public void close() {}

        @Override
        public int read(byte[] buffer, int offset, int length) {
            try {
                int read = mine.read(() -> in.read(buffer, offset, length));
                slot.received(Math.max(0, read));
                lock.flows(read);
                return read;
            } catch (HoldfastException e) {
                Answers.bodyIsBroken(request);
                throw e;
            } catch (IOException e) {
                Answers.bodyIsBroken(request);
                if (mine.isEnded()) {
                    // The later try goes on with it.
                    lock.settled();
                }
                throw HoldfastException.of(FailureKind.UNAVAILABLE, "unavailable", "The body stopped arriving.", e);
            }
        }
    }
}
