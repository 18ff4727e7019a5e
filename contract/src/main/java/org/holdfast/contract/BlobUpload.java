package org.holdfast.contract;

import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * Bytes on their way to a storage node: {@code PUT /blobs/{id}?ticket=…}, streamed with bounded memory.
 *
 * <p>Use: {@link #open} (connects; nothing of the caller's bytes is consumed when it fails, so that another node can be
 * tried), write to {@link #body}, then {@link #finish}. Not thread-safe. Closing without {@code finish} breaks the
 * connection, and the node then discards what it has received.
 */
public final class BlobUpload implements Closeable {
    /** Best of the sizes measured for streaming through Payara Micro. */
    public static final int BUFFER_BYTES = 256 * 1024;

    private static final int MAX_ANSWER_BYTES = 64 * 1024;

    private final HttpURLConnection connection;
    private final StallWatch watch;
    private final OutputStream body;
    private boolean answered;

    private BlobUpload(HttpURLConnection connection, StallWatch watch) throws IOException {
        this.connection = connection;
        this.watch = watch;
        this.body = new WatchedStream(connection.getOutputStream(), watch);
    }

    /**
     * Connects.
     *
     * @param uri with ticket
     * @param sizeBytes exact length, or {@link BlobFacts#UNKNOWN_SIZE} for a chunked body
     * @param headers further request headers
     * @param connectTimeout bound on connecting
     * @param stallTimeout longest time without a byte moving, and longest wait for the answer
     * @throws IOException when no connection could be made
     */
    public static BlobUpload open(
            URI uri, long sizeBytes, Map<String, String> headers, Duration connectTimeout, Duration stallTimeout)
            throws IOException {
        var connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setRequestMethod("PUT");
        connection.setDoOutput(true);
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) connectTimeout.toMillis());
        connection.setReadTimeout((int) stallTimeout.toMillis());
        headers.forEach(connection::setRequestProperty);
        if (sizeBytes == BlobFacts.UNKNOWN_SIZE) {
            connection.setChunkedStreamingMode(BUFFER_BYTES);
        } else {
            connection.setFixedLengthStreamingMode(sizeBytes);
        }
        var watch = new StallWatch(stallTimeout, connection::disconnect);
        try {
            return new BlobUpload(connection, watch);
        } catch (IOException e) {
            watch.close();
            connection.disconnect();
            throw e;
        }
    }

    /** Where the bytes go. A write fails with a {@link java.net.SocketTimeoutException} once the transfer has stalled. */
    public OutputStream body() {
        return body;
    }

    /**
     * Ends the body and waits for the node's answer.
     *
     * @throws IOException when no answer came; whether the bytes have landed is then unknown
     */
    public ClusterCall.Answer finish() throws IOException {
        try {
            body.close();
            watch.close();
            return answer();
        } catch (IOException e) {
            throw watch.explain(e);
        }
    }

    /**
     * The node's answer after a write has failed, where it sent one before it closed the connection (507, 413).
     *
     * @throws IOException when there is none
     */
    public ClusterCall.Answer earlyAnswer() throws IOException {
        watch.close();
        return answer();
    }

    private ClusterCall.Answer answer() throws IOException {
        int status = connection.getResponseCode();
        InputStream stream = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        if (stream == null) {
            return new ClusterCall.Answer(status, "");
        }
        try (stream) {
            var answer = new ClusterCall.Answer(
                    status, new String(stream.readNBytes(MAX_ANSWER_BYTES), StandardCharsets.UTF_8));
            answered = true;
            return answer;
        }
    }

    /** Breaks the connection unless {@link #finish} has been reached. */
    @Override
    public void close() {
        watch.close();
        if (!answered) {
            connection.disconnect();
        }
    }

    private static final class WatchedStream extends FilterOutputStream {
        private final StallWatch watch;

        WatchedStream(OutputStream out, StallWatch watch) {
            super(out);
            this.watch = watch;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw watch.explain(e);
            }
            watch.moved();
        }
    }
}
