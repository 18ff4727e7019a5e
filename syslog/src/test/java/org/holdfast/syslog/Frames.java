package org.holdfast.syslog;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver of streams for tests: takes octet-counted messages, and notes whatever else comes as a failure. */
final class Frames implements AutoCloseable {
    private final ServerSocket server;
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean closed;

    Frames(ServerSocket server) {
        this.server = server;
        start(this::accept);
    }

    private static void start(Runnable work) {
        var thread = new Thread(work, "frames");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    List<String> messages() {
        return messages;
    }

    int connections() {
        return connections.size();
    }

    int failures() {
        return failures.get();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket connection = server.accept();
                connections.add(connection);
                start(() -> read(connection));
            } catch (IOException e) {
                closed = true;
            }
        }
    }

    private void read(Socket connection) {
        try {
            InputStream in = connection.getInputStream();
            int digit = in.read();
            while (digit >= 0) {
                int length = 0;
                while (digit != ' ') {
                    length = 10 * length + Character.digit(digit, 10);
                    digit = in.read();
                }
                messages.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
                digit = in.read();
            }
        } catch (IOException e) {
            failures.incrementAndGet();
        }
    }

    /** Ends the connections, not the receiver. */
    void hangUp() throws IOException {
        for (Socket connection : connections) {
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        hangUp();
    }
}
