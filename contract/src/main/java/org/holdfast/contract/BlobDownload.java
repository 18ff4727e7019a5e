package org.holdfast.contract;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Bytes on their way from a storage node: {@code GET /blobs/{id}?ticket=…}, streamed with bounded memory. Redirects are
 * not followed. Not thread-safe, but for {@link #close}, which any thread may call to abort the transfer.
 */
public final class BlobDownload implements Closeable {
    private static final int MAX_ANSWER_BYTES = 64 * 1024;

    private final HttpWire wire;
    private final HttpWire.Head head;
    private final InputStream body;

    private BlobDownload(HttpWire wire, HttpWire.Head head) throws IOException {
        this.wire = wire;
        this.head = head;
        this.body = wire.body(head);
    }

    /** A connection that has been made and awaits its request; lets a caller tell "no node" from "no answer". */
    public static final class Connected implements Closeable {
        private final HttpWire wire;
        private final URI uri;

        private Connected(HttpWire wire, URI uri) {
            this.wire = wire;
            this.uri = uri;
        }

        /**
         * Asks for the bytes and reads the head of the answer, whatever its status.
         *
         * @throws java.net.SocketTimeoutException when no answer came in time
         * @throws IOException when the connection broke
         */
        public BlobDownload get() throws IOException {
            wire.sendHead("GET", uri, Map.of());
            wire.out().flush();
            return new BlobDownload(wire, wire.readHead());
        }

        @Override
        public void close() {
            wire.close();
        }
    }

    /**
     * Connects.
     *
     * @param uri with ticket
     * @param connectTimeout bound on connecting
     * @param stallTimeout longest wait for the answer's head, and for a byte of its body
     * @throws IOException when no connection could be made
     */
    public static Connected connect(URI uri, Duration connectTimeout, Duration stallTimeout) throws IOException {
        return new Connected(HttpWire.connect(uri, connectTimeout, stallTimeout), uri);
    }

    /** HTTP status of the answer. */
    public int status() {
        return head.status();
    }

    /** Length of the body, where the node told it. */
    public Optional<Long> contentLength() throws IOException {
        return head.contentLength();
    }

    /**
     * The bytes. Ends after the announced length; a connection that ends earlier is an {@link java.io.EOFException}, a
     * node that falls silent a {@link java.net.SocketTimeoutException}.
     */
    public InputStream body() {
        return body;
    }

    /** The answer as text, for a status that brings no blob. */
    public ClusterCall.Answer refusal() throws IOException {
        return head.answer(body.readNBytes(MAX_ANSWER_BYTES));
    }

    @Override
    public void close() {
        wire.close();
    }
}
