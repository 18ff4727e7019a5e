package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** What no decent client would send: requests written byte by byte. */
final class RawHttp {
    private static final int NO_THREAD_LEFT_MILLIS = 5_000;

    static final String ANYBODY = "127.0.0.1";

    private RawHttp() {}

    /**
     * Sends bytes, closes its side and returns all that comes back, headers included; an empty text when the server just
     * hangs up.
     *
     * @param head request line and headers without the empty line, one byte per char
     */
    static String send(URI server, String head, byte[] body) {
        return send(server, server.getAuthority(), head, body);
    }

    /** The same under another name of the server. */
    static String send(URI server, String host, String head, byte[] body) {
        return send(server, ANYBODY, host, head, body);
    }

    /**
     * A request without a body, from another address of this machine: what strangers at one address did may change how
     * that address is served.
     *
     * @param from within 127.0.0.0/8
     */
    static String sendFrom(String from, URI server, String head) {
        return send(server, from, server.getAuthority(), head, new byte[0]);
    }

    private static String send(URI server, String from, String host, String head, byte[] body) {
        try (var socket = connect(server, from)) {
            socket.setSoTimeout(30_000);
            var out = socket.getOutputStream();
            out.write((head + "\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").getBytes(ISO_8859_1));
            out.write(body);
            out.flush();
            return hangUp(socket) + new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (SocketException | SSLException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Ends its side, within TLS only when the server has nothing to say before: it takes that for the end of both sides.
     *
     * @return the first byte of the answer, or nothing
     */
    private static String hangUp(Socket socket) throws IOException {
        if (socket instanceof SSLSocket) {
            int patienceMillis = socket.getSoTimeout();
            try {
                socket.setSoTimeout(3_000);
                int first = socket.getInputStream().read();
                return first < 0 ? "" : Character.toString(first);
            } catch (SocketTimeoutException e) {
                // It waits for the rest of a body that will not come.
            } finally {
                socket.setSoTimeout(patienceMillis);
            }
        }
        socket.shutdownOutput();
        return "";
    }

    /** A connection, within TLS where the server wants it; the caller closes it. */
    static Socket connect(URI server) throws IOException {
        return connect(server, ANYBODY);
    }

    /** The same from another address of this machine's: each counts as a client of its own. */
    static Socket connect(URI server, String source) throws IOException {
        InetAddress address = InetAddress.getByName(source);
        return server.getScheme().equals("https")
                ? Trust.context().getSocketFactory().createSocket(server.getHost(), server.getPort(), address, 0)
                : new Socket(server.getHost(), server.getPort(), address, 0);
    }

    /**
     * Sends the beginning of a request and padding behind it, until the server hangs up or all has been sent.
     *
     * @return how many times the padding was taken
     */
    static int sendUntilRefused(URI server, String begin, String padding, int most) throws IOException {
        try (var socket = connect(server)) {
            var out = socket.getOutputStream();
            out.write(begin.getBytes(ISO_8859_1));
            byte[] bytes = padding.getBytes(ISO_8859_1);
            int taken = 0;
            try {
                while (taken < most) {
                    out.write(bytes);
                    taken++;
                }
            } catch (SocketException | SSLException e) {
                return taken;
            }
            return taken;
        }
    }

    /** Sends part of a body; the caller closes the connection, and has hung up without a word then. */
    static Socket begin(URI server, String head, byte[] body) throws IOException {
        Socket socket = connect(server);
        var out = socket.getOutputStream();
        out.write((head + "\r\nHost: " + server.getAuthority() + "\r\n\r\n").getBytes(ISO_8859_1));
        out.write(body);
        out.flush();
        return socket;
    }

    /** Sends part of a body and hangs up without a word. */
    static void abandon(URI server, String head, byte[] body) {
        try {
            begin(server, head, body).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Requests whose bodies never come, until they are closed: as many as the server takes, or as are wanted. */
    static Closeable keepWaiting(URI server, String head, int requests) {
        List<Socket> sockets = new ArrayList<>();
        byte[] bytes =
                (head + "\r\nHost: " + server.getAuthority() + "\r\nContent-Length: 10\r\n\r\n").getBytes(ISO_8859_1);
        try {
            for (int request = 0; request < requests; request++) {
                var socket = connect(server);
                sockets.add(socket);
                socket.setSoTimeout(NO_THREAD_LEFT_MILLIS);
                socket.getOutputStream().write(bytes);
            }
        } catch (SocketTimeoutException e) {
            // Of TLS: nobody is left there to shake hands.
            return () -> closeAll(sockets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return () -> closeAll(sockets);
    }

    private static void closeAll(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    static int status(String answer) {
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }
}
