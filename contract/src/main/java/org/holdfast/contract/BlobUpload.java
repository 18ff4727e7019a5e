package org.holdfast.contract;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way to a storage node: {@code PUT /blobs/{id}?ticket=…}, streamed with bounded memory.
 *
 * <p>Use: {@link #open} (connects; nothing of the caller's bytes is consumed when it fails, so that another node can be
 * tried), write to {@link #body}, then {@link #finish}. When a write fails, {@link #earlyAnswer} tells what the node
 * said, where it said something. Closing without {@code finish} breaks the connection, and the node then discards what
 * it has received. Not thread-safe, but for {@link #close}, which any thread may call to abort the transfer.
 */
public final class BlobUpload implements Closeable {
    /** Best of the sizes measured for streaming through Payara Micro. */
    public static final int BUFFER_BYTES = 256 * 1024;

    private static final int MAX_ANSWER_BYTES = 64 * 1024;

    private final HttpWire wire;
    private final StallWatch watch;
    private final UploadBody body;
    private ClusterCall.@Nullable Answer answer;

    private BlobUpload(HttpWire wire, StallWatch watch, long sizeBytes) {
        this.wire = wire;
        this.watch = watch;
        this.body = sizeBytes == BlobFacts.UNKNOWN_SIZE ? new UploadBody(this) : new UploadBody(this, sizeBytes);
    }

    /**
     * Connects.
     *
     * @param uri with ticket
     * @param sizeBytes exact length, or {@link BlobFacts#UNKNOWN_SIZE} for a chunked body
     * @param headers further request headers
     * @param connectTimeout bound on connecting
     * @param stallTimeout longest time that one write may block, and longest wait for the answer; a caller whose own
     *     source is slow is not a stall
     * @throws IOException when no connection could be made
     */
    public static BlobUpload open(
            URI uri, long sizeBytes, Map<String, String> headers, Duration connectTimeout, Duration stallTimeout)
            throws IOException {
        HttpWire wire = HttpWire.connect(uri, connectTimeout, stallTimeout);
        var all = new HashMap<>(headers);
        if (sizeBytes == BlobFacts.UNKNOWN_SIZE) {
            all.put("Transfer-Encoding", "chunked");
        } else {
            all.put("Content-Length", Long.toString(sizeBytes));
        }
        try {
            wire.sendHead("PUT", uri, all);
            return new BlobUpload(wire, new StallWatch(stallTimeout, wire::close), sizeBytes);
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    /**
     * Where the bytes go. A write fails with a {@link java.net.SocketTimeoutException} once the transfer has stalled,
     * and as soon as the node answers before the end of the body; closing the stream does nothing.
     */
    public OutputStream body() {
        return body;
    }

    /**
     * Ends the body and waits for the node's answer; an early answer serves as well.
     *
     * @throws IOException when fewer bytes were written than announced; when no answer came, and whether the bytes have
     *     landed is then unknown
     */
    public ClusterCall.Answer finish() throws IOException {
        body.requireComplete();
        try {
            body.end();
        } catch (IOException e) {
            return earlyAnswerInsteadOf(e);
        }
        return readAnswer();
    }

    private ClusterCall.Answer earlyAnswerInsteadOf(IOException failure) throws IOException {
        try {
            return readAnswer();
        } catch (IOException none) {
            failure.addSuppressed(none);
            throw failure;
        }
    }

    /**
     * The node's answer after a write has failed, where it sent one before the end of the body (507, 413, 403). Does
     * not wait longer than the stall time-out.
     *
     * @throws IOException when there is none
     */
    public ClusterCall.Answer earlyAnswer() throws IOException {
        return readAnswer();
    }

    /** Writes under the eye of the stall watch. */
    void send(byte[] bytes, int offset, int length) throws IOException {
        guarded(() -> {
            if (wire.hasAnswerBytes()) {
                readAnswer();
                throw new IOException("the node answered before the end of the body");
            }
            wire.out().write(bytes, offset, length);
        });
    }

    void flush() throws IOException {
        guarded(wire.out()::flush);
    }

    private void guarded(Step step) throws IOException {
        watch.begin();
        try {
            step.run();
        } catch (IOException e) {
            throw watch.explain(e);
        } finally {
            watch.end();
        }
    }

    private ClusterCall.Answer readAnswer() throws IOException {
        if (answer == null) {
            HttpWire.Head head = wire.readHead();
            byte[] text;
            try (var stream = wire.body(head)) {
                text = stream.readNBytes(MAX_ANSWER_BYTES);
            }
            answer = head.answer(text);
        }
        return answer;
    }

    /** Breaks the connection unless {@link #finish} has been reached. */
    @Override
    public void close() {
        watch.close();
        wire.close();
    }

    private interface Step {
        void run() throws IOException;
    }
}
