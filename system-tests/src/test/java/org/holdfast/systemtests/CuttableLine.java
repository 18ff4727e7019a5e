package org.holdfast.systemtests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A network line to one server on this machine that can be cut and joined again, and be slow. While it is cut, connections
 * hang: as with a pulled cable, nobody hears a refusal.
 */
final class CuttableLine implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final ServerSocket entrance;
    private final URI server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isCut;
    private volatile long bytesPerSecond = Long.MAX_VALUE;

    private CuttableLine(ServerSocket entrance, URI server) {
        this.entrance = entrance;
        this.server = server;
    }

    /** A line to a server of this machine, on a port of its own. */
    static CuttableLine to(URI server) {
        try {
            var entrance = new ServerSocket();
            // What the line has taken counts as sent; it should not take it all at once.
            entrance.setReceiveBufferSize(BUFFER_BYTES);
            entrance.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var line = new CuttableLine(entrance, server);
            start(line::accept);
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI server() {
        return server;
    }

    /** Where to connect instead of to the server itself. */
    URI url() {
        return TestCluster.onPort(server, entrance.getLocalPort());
    }

    /** From now on each connection sends this much to the server at most. */
    void slowDown(long limitBytesPerSecond) {
        bytesPerSecond = limitBytesPerSecond;
    }

    /** As fast as it goes, as at the beginning. */
    void speedUp() {
        bytesPerSecond = Long.MAX_VALUE;
    }

    /** From now on nothing goes through. */
    void cut() {
        isCut = true;
    }

    /** What hung is lost; new connections go through. */
    void join() {
        isCut = false;
        open.forEach(CuttableLine::close);
    }

    @Override
    public void close() {
        close(entrance);
        open.forEach(CuttableLine::close);
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket client = entrance.accept();
                open.add(client);
                start(() -> connect(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        if (isCut) {
            return;
        }
        try {
            var socket = new Socket();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
            open.add(socket);
            start(() -> pump(client, socket));
            pump(socket, client);
        } catch (IOException e) {
            forget(client);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                if (isCut) {
                    return;
                }
                if (to.getPort() == server.getPort()) {
                    TimeUnit.NANOSECONDS.sleep(TimeUnit.SECONDS.toNanos(got) / bytesPerSecond);
                }
                out.write(buffer, 0, got);
                out.flush();
            }
            to.shutdownOutput();
        } catch (IOException | InterruptedException e) {
            forget(to);
        }
        forget(from);
    }

    private void forget(Socket socket) {
        open.remove(socket);
        close(socket);
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "cuttable line");
        thread.setDaemon(true);
        thread.start();
    }
}
