package org.holdfast.systemtests.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/**
 * One client's HTTP/1.1 connections, kept alive, one for each server. Deliberately bare: a load generator on two cores
 * must cost less than the server that it measures.
 */
final class Wire implements Closeable {
    private static final int BUFFER_BYTES = 256 * 1024;
    private final Map<String, Line> lines = new HashMap<>();
    private final byte[] scratch = new byte[BUFFER_BYTES];

    private record Line(Socket socket, InputStream in, OutputStream out) {}

    /** What came back; the body was read and thrown away, except where it is small. */
    record Reply(int status, Map<String, String> headers, long bodyBytes) {
        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
        }
    }

    /** A request's body: the same bytes again and again, up to a length. */
    @SuppressWarnings("ArrayRecordComponent") // carries the bytes, is never compared
    record Body(byte[] pattern, long lengthBytes) {
        static final Body NONE = new Body(new byte[0], 0);
    }

    Reply send(String method, URI uri, String authorization, Body body) throws IOException {
        Line line = line(uri);
        String path = uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
        var head = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: ");
        head.append(uri.getAuthority()).append("\r\n");
        if (!authorization.isEmpty()) {
            head.append("Authorization: ").append(authorization).append("\r\n");
        }
        if (!method.equals("GET")) {
            head.append("Content-Length: ").append(body.lengthBytes).append("\r\n");
        }
        line.out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        for (long left = body.lengthBytes; left > 0; left -= body.pattern.length) {
            line.out.write(body.pattern, 0, (int) Math.min(left, body.pattern.length));
        }
        line.out.flush();
        Reply reply = read(line);
        if (reply.header("connection").filter("close"::equalsIgnoreCase).isPresent()) {
            lines.remove(uri.getAuthority());
            line.socket.close();
        }
        return reply;
    }

    private Line line(URI uri) throws IOException {
        Line known = lines.get(uri.getAuthority());
        if (known == null) {
            Socket socket = "https".equals(uri.getScheme())
                    ? SSLSocketFactory.getDefault().createSocket(uri.getHost(), uri.getPort())
                    : new Socket(uri.getHost(), uri.getPort());
            socket.setTcpNoDelay(true);
            known = new Line(
                    socket, new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES), socket.getOutputStream());
            lines.put(uri.getAuthority(), known);
        }
        return known;
    }

    private Reply read(Line line) throws IOException {
        String status = text(line.in);
        var headers = new HashMap<String, String>();
        for (String header = text(line.in); !header.isEmpty(); header = text(line.in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int code = Integer.parseInt(status.substring(9, 12));
        long bytes = "chunked".equalsIgnoreCase(headers.get("transfer-encoding"))
                ? skipChunks(line.in)
                : skip(line.in, code == 204 ? 0 : Long.parseLong(headers.getOrDefault("content-length", "0")));
        return new Reply(code, headers, bytes);
    }

    private long skipChunks(InputStream in) throws IOException {
        long total = 0;
        while (true) {
            long size = Long.parseLong(text(in).strip(), 16);
            total += skip(in, size);
            var unused = text(in);
            if (size == 0) {
                return total;
            }
        }
    }

    private long skip(InputStream in, long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            int read = in.read(scratch, 0, (int) Math.min(left, scratch.length));
            if (read < 0) {
                throw new EOFException("the body ended " + left + " bytes early");
            }
            left -= read;
        }
        return bytes;
    }

    private static String text(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the connection was closed");
            }
            if (octet != '\r') {
                bytes.write(octet);
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        for (Line line : lines.values()) {
            line.socket.close();
        }
    }
}
