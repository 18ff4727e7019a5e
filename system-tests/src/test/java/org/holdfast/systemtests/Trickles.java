package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Clients that send a byte now and then, and come back whenever they are sent away. Few threads do it for all. */
final class Trickles implements Closeable {
    /** Of a body that will never be there. */
    static final String LENGTH = "\r\nContent-Length: 1000000";

    /** In which each sends once. */
    static final long MILLIS = 5_000;

    private static final byte[] NOTHING = {};

    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final URI server;
    private final String source;
    private final Client[] clients;

    /**
     * Begins.
     *
     * @param source address of this machine from which they come
     * @param heads request line and headers of each, by its number
     */
    Trickles(URI server, String source, IntFunction<String> heads, int connections) {
        this(
                server,
                source,
                connections,
                number ->
                        (heads.apply(number) + "\r\nHost: " + server.getAuthority() + "\r\n\r\n").getBytes(ISO_8859_1));
    }

    private Trickles(URI server, String source, int connections, IntFunction<byte[]> beginnings) {
        this.server = server;
        this.source = source;
        this.clients = new Client[connections];
        for (int i = 0; i < connections; i++) {
            var client = new Client(beginnings.apply(i));
            clients[i] = client;
            var unused =
                    clock.scheduleAtFixedRate(client::send, MILLIS * i / connections, MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Connections on which never a byte is sent, not even of TLS. */
    static Trickles idle(URI server, String source, int connections) {
        URI plain = URI.create("http://" + server.getAuthority());
        return new Trickles(plain, source, connections, number -> NOTHING);
    }

    private final class Client {
        private final byte[] beginning;
        private final ClientLine line = new ClientLine(server, source);

        Client(byte[] beginning) {
            this.beginning = beginning;
        }

        synchronized void send() {
            try {
                if (!line.isOpen()) {
                    line.open().getOutputStream().write(beginning);
                } else if (beginning.length > 0) {
                    line.open().getOutputStream().write('x');
                } else if (isClosed(line.open())) {
                    line.close();
                }
            } catch (IOException e) {
                line.close();
            }
        }

        private static boolean isClosed(Socket line) throws IOException {
            line.setSoTimeout(1);
            try {
                return line.getInputStream().read() < 0;
            } catch (java.net.SocketTimeoutException e) {
                return false;
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
