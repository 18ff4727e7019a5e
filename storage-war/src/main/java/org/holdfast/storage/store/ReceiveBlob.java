package org.holdfast.storage.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.Ticket;

/**
 * Takes the body of an upload in, verifies it, and makes it durable. On every failure nothing is left behind, but the
 * beginning of a body that broke off.
 */
public final class ReceiveBlob {
    private static final Set<DigestAlgorithm> ALWAYS = Set.of(DigestAlgorithm.MD5, DigestAlgorithm.SHA_256);

    private final BlobStore store;
    private final DigestPool digesting;
    private final Clock clock;

    public ReceiveBlob(BlobStore store, DigestPool digesting, Clock clock) {
        this.store = store;
        this.digesting = digesting;
        this.clock = clock;
    }

    /**
     * An upload, before its first byte was read.
     *
     * @param ticket what is allowed, and what was told when it was asked for
     * @param lengthBytes length of the body as the request tells it, or {@link BlobFacts#UNKNOWN_SIZE}
     * @param told digests that the request itself tells
     * @param key under which to keep what has arrived when the body breaks off; empty where nobody could go on with it
     */
    public record Upload(Ticket ticket, long lengthBytes, Digests told, Optional<Beginnings.Key> key) {
        /** One that begins anew when it breaks off. */
        public Upload(Ticket ticket, long lengthBytes, Digests told) {
            this(ticket, lengthBytes, told, Optional.empty());
        }

        /** The size that the body must have, where anybody has told it. */
        public long expectedBytes() {
            long told = ticket.blob().sizeBytes();
            return told == BlobFacts.UNKNOWN_SIZE ? lengthBytes : told;
        }

        private long mostBytes() {
            return ticket.terms().flatMap(PutTerms::mostBytes).orElse(Long.MAX_VALUE);
        }

        private PutTerms.KeptShare keptShare() {
            return ticket.terms().map(PutTerms::keptShare).orElse(PutTerms.KeptShare.UNBOUNDED);
        }

        Stage stage() {
            return ticket.operation().makesVersion() ? Stage.UNCOMMITTED : Stage.COMMITTED;
        }

        Set<DigestAlgorithm> algorithms() {
            var algorithms = EnumSet.copyOf(ALWAYS);
            algorithms.addAll(ticket.blob().digests().values().keySet());
            algorithms.addAll(told.values().keySet());
            algorithms.addAll(ticket.terms().map(PutTerms::extraDigests).orElse(Set.of()));
            return algorithms;
        }
    }

    /**
     * What has landed.
     *
     * @param facts actual size and digests
     * @param landed whether it is new here
     */
    public record Received(BlobFacts facts, Reception.Landed landed) {}

    /**
     * Streams, verifies and lands. For a ticket that makes a version the blob is then {@link Stage#UNCOMMITTED}, for a
     * replica {@link Stage#COMMITTED}.
     *
     * @param body read to its end unless the upload fails; not closed
     * @throws IOException when the body can't be read
     * @throws HoldfastException TOO_LARGE {@code too-large} or {@code quota-exceeded}, INVALID {@code size-mismatch}, CORRUPT {@code digest-mismatch}, CONFLICT,
     *     FULL, UNAVAILABLE
     */
    public Received receive(InputStream body, Upload upload) throws IOException {
        refuseWrongLength(upload);
        long expectedBytes = upload.expectedBytes();
        try (var reception = store.receive(expectedBytes);
                var digests = digesting.start(upload.algorithms(), expectedBytes)) {
            long sizeBytes = stream(body, reception, digests, upload);
            if (expectedBytes != BlobFacts.UNKNOWN_SIZE && sizeBytes != expectedBytes) {
                throw wrongSize(sizeBytes, expectedBytes);
            }
            var facts = new BlobFacts(upload.ticket().blob().id(), sizeBytes, digests.finish());
            refuseWrongDigests(upload, facts.digests());
            var landed = reception.land(sidecar(upload.ticket(), facts), upload.stage());
            upload.key().ifPresent(key -> store.beginnings().forget(key));
            return new Received(facts, landed);
        }
    }

    /** What can be refused before a byte is read; {@link #receive} begins with it. */
    private static void refuseWrongLength(Upload upload) {
        if (upload.lengthBytes() > upload.mostBytes()) {
            throw beyondQuota(upload.mostBytes());
        }
        long told = upload.ticket().blob().sizeBytes();
        if (told == BlobFacts.UNKNOWN_SIZE || upload.lengthBytes() == BlobFacts.UNKNOWN_SIZE) {
            return;
        }
        if (upload.lengthBytes() > told) {
            throw tooLarge(told);
        }
        if (upload.lengthBytes() < told) {
            throw wrongSize(upload.lengthBytes(), told);
        }
    }

    private static long stream(InputStream body, Reception reception, RunningDigests digests, Upload upload)
            throws IOException {
        long expectedBytes = upload.expectedBytes();
        long received = 0;
        while (true) {
            byte[] buffer = digests.takeBuffer();
            int length = read(body, buffer, reception, upload);
            if (length == 0) {
                return received;
            }
            received += length;
            if (expectedBytes != BlobFacts.UNKNOWN_SIZE && received > expectedBytes) {
                throw tooLarge(expectedBytes);
            }
            if (received > upload.mostBytes()) {
                throw beyondQuota(upload.mostBytes());
            }
            // Handed over first, so that digesting and writing run at the same time; both only read the buffer.
            digests.update(buffer, length);
            reception.write(buffer, length);
        }
    }

    private static int read(InputStream body, byte[] buffer, Reception reception, Upload upload) throws IOException {
        try {
            return body.readNBytes(buffer, 0, buffer.length);
        } catch (IOException | HoldfastException e) {
            upload.key().ifPresent(key -> reception.keep(key, upload.keptShare()));
            throw e;
        }
    }

    private static void refuseWrongDigests(Upload upload, Digests actual) {
        if (!actual.satisfy(upload.ticket().blob().digests()) || !actual.satisfy(upload.told())) {
            throw HoldfastException.of(
                    FailureKind.CORRUPT,
                    "digest-mismatch",
                    "The bytes that arrived have another digest than was told: " + actual.reprDigest() + ".");
        }
    }

    private Sidecar sidecar(Ticket ticket, BlobFacts facts) {
        return new Sidecar(
                facts,
                ticket.address(),
                ticket.terms().map(PutTerms::account),
                ticket.contentType(),
                clock.instant(),
                ticket.expiresAt());
    }

    private static HoldfastException tooLarge(long toldBytes) {
        return HoldfastException.of(
                FailureKind.TOO_LARGE,
                "too-large",
                "The body is longer than the " + toldBytes + " bytes that were told.");
    }

    private static HoldfastException beyondQuota(long mostBytes) {
        return HoldfastException.of(
                FailureKind.TOO_LARGE,
                "quota-exceeded",
                "The body is longer than the " + mostBytes + " bytes that the quota has left; nothing was stored.");
    }

    private static HoldfastException wrongSize(long actualBytes, long toldBytes) {
        return HoldfastException.of(
                FailureKind.INVALID,
                "size-mismatch",
                "The body has " + actualBytes + " bytes, but " + toldBytes + " were told.");
    }
}
