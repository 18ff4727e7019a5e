package org.holdfast.master.catalog;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.BlobDownload;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Ticket;
import org.holdfast.master.access.TicketConfig;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.cluster.SealTickets;
import org.jspecify.annotations.Nullable;

/** Reads a file's bytes through this master, for who wants many files at once. No transaction is open meanwhile. */
@ApplicationScoped
public class FetchBytes {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration STALL = Duration.ofSeconds(60);
    private static final Logger LOG = Logger.getLogger(FetchBytes.class.getName());

    @Inject
    SealTickets seal;

    @Inject
    TicketConfig tickets;

    @Inject
    Clock clock;

    /**
     * The bytes. Where a node fails, reading goes on at the next one; before the end is told, size and SHA-256 have been
     * compared. Reading throws HoldfastException: UNAVAILABLE when all nodes have failed, CORRUPT {@code digest-mismatch}
     * when other bytes came than the file's. The caller closes it.
     */
    InputStream open(ReadFile.Location location) {
        return new Bytes(location);
    }

    /** With a ticket that begins now: what the node before has sent may have taken longer than a ticket's life. */
    private BlobDownload connect(NodeView node, Ticket asked) throws IOException {
        Ticket ticket = asked.until(clock.instant().plus(tickets.life()));
        URI uri = URI.create(node.url() + "/blobs/" + ticket.blob().id() + "?ticket=" + seal.seal(ticket, node));
        BlobDownload.Connected connected = BlobDownload.connect(uri, CONNECT, STALL);
        try {
            BlobDownload download = connected.get();
            if (download.status() == 200) {
                return download;
            }
            throw new IOException(node.name() + " answered " + download.status());
        } catch (IOException e) {
            connected.close();
            throw e;
        }
    }

    private final class Bytes extends InputStream {
        private final Ticket ticket;
        private final Iterator<NodeView> nodes;
        private final MessageDigest sha256 = sha256();
        private @Nullable BlobDownload download;
        private long doneBytes;

        Bytes(ReadFile.Location location) {
            this.ticket = location.ticket();
            this.nodes = location.nodes().iterator();
        }

        @Override
        public int read() {
            var octet = new byte[1];
            return read(octet, 0, 1) < 0 ? -1 : octet[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            while (true) {
                try {
                    int count = body().read(buffer, offset, length);
                    requireWithinSize(count);
                    if (count < 0) {
                        requireDigest();
                        return -1;
                    }
                    sha256.update(buffer, offset, count);
                    doneBytes += count;
                    return count;
                } catch (IOException e) {
                    LOG.log(Level.INFO, e, () -> "reading of " + ticket.address() + " goes on elsewhere");
                    close();
                }
            }
        }

        private InputStream body() throws IOException {
            BlobDownload current = download;
            if (current == null) {
                if (!nodes.hasNext()) {
                    throw HoldfastException.comeBack(
                            "unavailable",
                            "No storage node could send all of " + ticket.address() + ".",
                            Duration.ofSeconds(1));
                }
                current = connect(nodes.next(), ticket);
                download = current;
                current.body().skipNBytes(doneBytes);
            }
            return current.body();
        }

        private void requireWithinSize(int count) throws IOException {
            BlobFacts blob = ticket.blob();
            boolean tooShort = count < 0 && doneBytes < blob.sizeBytes();
            if (tooShort || doneBytes + count > blob.sizeBytes()) {
                throw new EOFException("another number of bytes than the " + blob.sizeBytes() + " of the file");
            }
        }

        private void requireDigest() {
            var found =
                    new Digests(Map.of(DigestAlgorithm.SHA_256, HexFormat.of().formatHex(sha256.digest())));
            if (!ticket.blob().digests().satisfy(found)) {
                throw HoldfastException.of(
                        FailureKind.CORRUPT,
                        "digest-mismatch",
                        "The bytes that came for " + ticket.address() + " are not the file's.");
            }
        }

        @Override
        public void close() {
            if (download != null) {
                download.close();
                download = null;
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
