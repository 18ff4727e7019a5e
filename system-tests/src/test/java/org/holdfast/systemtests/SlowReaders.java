package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Clients that ask for much and take a KiB of it each second. */
final class SlowReaders implements Closeable {
    private static final int BYTES_A_SECOND = 1024;
    private static final int PATIENCE_MILLIS = 20;

    /** One connection, which it makes when it reads for the first time, and the first line of what came on it. */
    private static final class Reader {
        private final URI server;
        private final String source;
        private final byte[] requests;
        private final StringBuilder begin = new StringBuilder();
        private @Nullable Socket socket;
        private boolean over;

        Reader(URI server, String source, byte[] requests) {
            this.server = server;
            this.source = source;
            this.requests = requests;
        }

        synchronized void read() {
            try {
                byte[] bytes = new byte[BYTES_A_SECOND];
                int read = over ? -1 : socket().getInputStream().read(bytes);
                over = read < 0;
                if (begin.isEmpty() && read > 0) {
                    begin.append(new String(bytes, 0, read, ISO_8859_1));
                }
            } catch (SocketTimeoutException e) {
                // Nothing has come yet.
                over = false;
            } catch (IOException e) {
                over = true;
            }
        }

        private Socket socket() throws IOException {
            Socket made = socket;
            if (made == null) {
                made = RawHttp.connect(server, source);
                socket = made;
                made.getOutputStream().write(requests);
                made.setSoTimeout(PATIENCE_MILLIS);
            }
            return made;
        }

        synchronized int status() {
            return RawHttp.status(begin.toString());
        }

        synchronized void close() throws IOException {
            over = true;
            if (socket != null) {
                socket.close();
            }
        }
    }

    private final List<Reader> readers = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(4);

    /**
     * Sends the same request on many connections, and begins to read.
     *
     * @param requests how many times on each, one behind the other
     */
    SlowReaders(URI server, String head, int connections, int requests) {
        this(server, RawHttp.ANYBODY, head, connections, requests);
    }

    /** The same from another address. */
    SlowReaders(URI server, String source, String head, int connections, int requests) {
        byte[] bytes = (head + "\r\nHost: " + server.getAuthority() + "\r\n\r\n")
                .repeat(requests)
                .getBytes(ISO_8859_1);
        for (int i = 0; i < connections; i++) {
            var reader = new Reader(server, source, bytes);
            readers.add(reader);
            var unused = clock.scheduleAtFixedRate(reader::read, 1, 1, TimeUnit.SECONDS);
        }
    }

    /** How many have been answered with which status so far; 0 where nothing has come yet. */
    Map<Integer, Long> answers() {
        return readers.stream().collect(Collectors.groupingBy(Reader::status, Collectors.counting()));
    }

    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        for (Reader reader : readers) {
            reader.close();
        }
    }
}
