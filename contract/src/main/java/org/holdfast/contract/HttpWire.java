package org.holdfast.contract;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * One HTTP/1.1 exchange (RFC 9112) over a connection of its own.
 *
 * <p>Why not a client of the JDK: {@code HttpURLConnection} can't read an answer that comes before the end of a
 * streamed body (a full node's 507), drops the end of a body that is cut short, and may take a dead connection from its
 * cache after the caller's bytes were consumed; {@code HttpClient} pulls bodies from its own threads, at 520 to 640
 * MB/s where a socket makes more than 1,200. A fresh connection per blob costs a tenth of a millisecond.
 *
 * <p>{@link #close} may be called by any thread and ends a read or write that blocks in another.
 */
final class HttpWire implements Closeable {
    private static final int MAX_HEAD_BYTES = 64 * 1024;
    private static final int SMALL_BUFFER_BYTES = 8 * 1024;

    /** What a connection without TLS, or the layer below TLS, is. */
    private final Socket plain;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private HttpWire(Socket plain, Socket socket) throws IOException {
        this.plain = plain;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), SMALL_BUFFER_BYTES);
        this.out = new BufferedOutputStream(socket.getOutputStream(), SMALL_BUFFER_BYTES);
    }

    /**
     * An answer's status line and headers.
     *
     * @param status 200 or above; interim answers are skipped
     * @param headers by name, without regard to case; the last one wins
     */
    record Head(int status, Map<String, String> headers) {
        /** Length of the body where it was told. */
        Optional<Long> contentLength() throws IOException {
            String text = headers.get("content-length");
            try {
                return Optional.ofNullable(text).map(Long::valueOf);
            } catch (NumberFormatException e) {
                throw new ProtocolException("unreadable Content-Length " + text);
            }
        }

        /** The answer with this text as its body. */
        ClusterCall.Answer answer(byte[] text) {
            return ClusterCall.Answer.of(
                    status, new String(text, StandardCharsets.UTF_8), name -> Optional.ofNullable(headers.get(name)));
        }
    }

    /**
     * Connects, for {@code https} as the process's {@link TlsIdentity} and with the host name checked.
     *
     * @param connectTimeout bound on connecting, and on each step of TLS's handshake
     * @param silence longest time that a read waits for a byte
     */
    static HttpWire connect(URI uri, Duration connectTimeout, Duration silence) throws IOException {
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        if (uri.getHost() == null || !(secure || "http".equalsIgnoreCase(uri.getScheme()))) {
            throw new ProtocolException("not an http address: " + uri.getScheme() + "://" + uri.getAuthority());
        }
        int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
        var plain = new Socket();
        try {
            int connectMillis = Math.toIntExact(connectTimeout.toMillis());
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(connectMillis);
            plain.connect(new InetSocketAddress(uri.getHost(), port), connectMillis);
            Socket socket = secure ? secured(plain, uri.getHost(), port) : plain;
            plain.setSoTimeout(Math.toIntExact(silence.toMillis()));
            return new HttpWire(plain, socket);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /** One context for all connections: sessions are resumed, which spares the costly half of the handshake. */
    private static Socket secured(Socket plain, String host, int port) throws IOException {
        try {
            var factory = SSLContext.getDefault().getSocketFactory();
            var socket = (SSLSocket) factory.createSocket(plain, host, port, true);
            var parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("there is no TLS in this JVM", e);
        }
    }

    /** Writes the request line and the headers; the body follows on {@link #out}. */
    void sendHead(String method, URI uri, Map<String, String> headers) throws IOException {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var head = new StringBuilder(method)
                .append(' ')
                .append(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery())
                .append(" HTTP/1.1\r\nHost: ")
                .append(uri.getPort() > 0 ? uri.getHost() + ":" + uri.getPort() : uri.getHost())
                .append("\r\nConnection: close\r\n");
        headers.forEach((name, value) -> {
            if ((name + value).chars().anyMatch(c -> c < ' ' || c > '~')) {
                throw new IllegalArgumentException("a header must be printable ASCII: " + name);
            }
            head.append(name).append(": ").append(value).append("\r\n");
        });
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    }

    OutputStream out() {
        return out;
    }

    /** Whether the partner has said something already. */
    boolean hasAnswerBytes() throws IOException {
        if (in.available() > 0) {
            return true;
        }
        return plain != socket && plain.getInputStream().available() > 0 && carriesAnswer();
    }

    /**
     * What has arrived may be an answer or TLS's own talk, such as tickets for later sessions: only reading tells. A
     * record that is cut by the time-out is completed by the next read.
     */
    private boolean carriesAnswer() throws IOException {
        int silenceMillis = socket.getSoTimeout();
        socket.setSoTimeout(1);
        in.mark(1);
        try {
            boolean ended = in.read() < 0;
            in.reset();
            return !ended;
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            socket.setSoTimeout(silenceMillis);
        }
    }

    /** Reads the head of the final answer. */
    Head readHead() throws IOException {
        int budget = MAX_HEAD_BYTES;
        while (true) {
            String statusLine = readLine(budget);
            if (!statusLine.matches("HTTP/1\\.[01] [1-5]\\d\\d( .*)?")) {
                throw new ProtocolException("not an HTTP/1.1 answer");
            }
            int status = Integer.parseInt(statusLine.substring(9, 12));
            budget -= statusLine.length();
            var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            for (String line = readLine(budget); !line.isEmpty(); line = readLine(budget)) {
                budget -= line.length() + 2;
                int colon = line.indexOf(':');
                if (colon > 0) {
                    headers.put(
                            line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip());
                }
            }
            if (status >= 200) {
                return new Head(status, headers);
            }
        }
    }

    /** The answer's body. It fails with an {@link EOFException} where the connection ends before the body does. */
    InputStream body(Head head) throws IOException {
        if (head.status() == 204 || head.status() == 304) {
            return InputStream.nullInputStream();
        }
        if ("chunked".equalsIgnoreCase(head.headers().get("transfer-encoding"))) {
            return new ChunkedBody(in);
        }
        Optional<Long> length = head.contentLength();
        return length.isPresent() ? new FixedBody(in, length.get()) : in;
    }

    private String readLine(int limit) throws IOException {
        return readLine(in, limit);
    }

    /** Reads up to CRLF (a bare LF is accepted, RFC 9112 section 2.2). */
    static String readLine(InputStream in, int limit) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended in the middle of an answer");
            }
            if (line.length() >= limit) {
                throw new ProtocolException("the answer's head is too long");
            }
            line.append((char) c);
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }

    /** Closes below TLS: a closing word of TLS would wait for a write that blocks, and bodies tell their length. */
    @Override
    public void close() {
        try {
            plain.close();
        } catch (IOException e) {
            // Nothing is owed to a connection that is given up, and what mattered has been read.
        }
    }
}
