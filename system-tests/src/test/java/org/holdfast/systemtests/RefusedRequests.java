package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Requests of somebody who has not signed in, so many a second, on a few connections. What comes back is thrown away. */
final class RefusedRequests implements Closeable {
    private static final int CONNECTIONS = 10;
    private static final int TURNS_PER_SECOND = 5;

    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final AtomicLong sent = new AtomicLong();
    private final URI server;
    private final String source;
    private final Client[] clients = new Client[CONNECTIONS];

    /**
     * Begins.
     *
     * @param source address of this machine from which they come
     */
    RefusedRequests(URI server, String source, int perSecond) {
        this.server = server;
        this.source = source;
        int atOnce = perSecond / CONNECTIONS / TURNS_PER_SECOND;
        byte[] requests = ("GET /api/v1/files/admin/refused HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\n\r\n")
                .repeat(atOnce)
                .getBytes(ISO_8859_1);
        for (int i = 0; i < CONNECTIONS; i++) {
            var client = new Client();
            clients[i] = client;
            var unused = clock.scheduleAtFixedRate(
                    () -> client.send(requests, atOnce), 0, 1000L / TURNS_PER_SECOND, TimeUnit.MILLISECONDS);
        }
    }

    /** How many were sent so far. */
    long sent() {
        return sent.get();
    }

    private final class Client {
        private final ClientLine line = new ClientLine(server, source);
        private final byte[] answers = new byte[64 * 1024];

        synchronized void send(byte[] requests, int count) {
            try {
                Socket socket = line.open();
                socket.setSoTimeout(1);
                socket.getOutputStream().write(requests);
                sent.addAndGet(count);
                if (socket.getInputStream().read(answers) < 0) {
                    line.close();
                }
            } catch (java.net.SocketTimeoutException e) {
                // No answer is there yet.
            } catch (IOException e) {
                line.close();
            }
        }

        synchronized void close() {
            line.close();
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        for (Client client : clients) {
            client.close();
        }
    }
}
