package org.holdfast.syslog;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A connection over TCP (RFC 6587) or TLS (RFC 5425). A receiver within TLS has to prove that it is the one of that name.
 *
 * <p>Receivers never answer; a look whether they have hung up goes before what is sent after a pause, for TCP would take
 * the first message after the hanging up and lose it.
 */
final class StreamLine implements Line {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int HANDSHAKE_MILLIS = 10_000;
    private static final int LOOK_MILLIS = 1;
    private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();

    /** What the operating system takes without the receiver's reading. */
    private static final int SEND_BUFFER_BYTES = 256 * 1024;

    /** Closed first: closing the layer above would wait for a write that hangs. */
    private final Socket plain;

    private final Socket socket;
    private long sentNanos = System.nanoTime();

    private StreamLine(Socket plain, Socket socket) {
        this.plain = plain;
        this.socket = socket;
    }

    /**
     * Connects.
     *
     * @param tls whom to trust; empty for plain TCP
     */
    static StreamLine open(SyslogConfig.Receiver receiver, Optional<SSLContext> tls) throws IOException {
        var plain = new Socket();
        try {
            plain.setSendBufferSize(SEND_BUFFER_BYTES);
            plain.setKeepAlive(true);
            plain.setTcpNoDelay(true);
            plain.connect(
                    new InetSocketAddress(InetAddress.getByName(receiver.host()), receiver.port()), CONNECT_MILLIS);
            Socket socket = tls.isEmpty() ? plain : secured(plain, receiver, tls.get());
            socket.setSoTimeout(LOOK_MILLIS);
            return new StreamLine(plain, socket);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static Socket secured(Socket plain, SyslogConfig.Receiver receiver, SSLContext context) throws IOException {
        plain.setSoTimeout(HANDSHAKE_MILLIS);
        var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, receiver.host(), receiver.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        // RFC 5425, section 5.2: the name in the certificate is compared, as browsers do.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    @Override
    public void send(byte[] message) throws IOException {
        if (System.nanoTime() - sentNanos > PAUSE_NANOS) {
            requireListening();
        }
        socket.getOutputStream().write(message);
        socket.getOutputStream().flush();
        sentNanos = System.nanoTime();
    }

    private void requireListening() throws IOException {
        try {
            if (socket.getInputStream().read() < 0) {
                throw new IOException("the receiver has hung up");
            }
        } catch (SocketTimeoutException e) {
            // Silence is what there should be.
            System.getLogger(StreamLine.class.getName()).log(System.Logger.Level.TRACE, "the receiver is there", e);
        }
    }

    @Override
    public void close() {
        try {
            plain.close();
        } catch (IOException e) {
            System.getLogger(StreamLine.class.getName()).log(System.Logger.Level.DEBUG, "already gone", e);
        }
    }
}
