package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How to see that a component does its work, from outside: every probe answers as it should.
 *
 * @param probes asked in order; the first that fails is the answer
 */
record Readiness(List<Probe> probes) {
    private static final Duration POLL_EVERY = Duration.ofMillis(100);
    private static final int TIMEOUT_MILLIS = 2_000;

    /** Of an answer that is not the expected one; those of this system are shorter. */
    private static final int READ_BYTES = 8_192;

    /** How a node's health tells why no master welcomes it. */
    private static final Pattern REFUSAL = Pattern.compile("\"refusal\":\"([a-z-]+)\"");

    /** Told of a node whose name was given up, as {@code (certificate-removed)} within a complaint. */
    static final String REMOVED = "certificate-removed";

    /** One question. */
    interface Probe {
        /** What is wrong, or an empty string. Never throws for a component that is away. */
        String complaint();
    }

    /** A master: healthy, and its API is there (asking for a session without credentials is refused, not unknown). */
    static Readiness master(String url) {
        return new Readiness(List.of(
                http(url + "/health/ready", Set.of(200)), http(url + "/api/v1/session", Set.of(401, 403, 405))));
    }

    /** At least one of some masters. */
    static Probe anyMaster(List<String> urls) {
        return () -> {
            String complaint = "";
            for (String url : urls) {
                complaint = master(url).complaint();
                if (complaint.isEmpty()) {
                    return "";
                }
            }
            return complaint;
        };
    }

    /** A storage node: healthy, and its internal endpoint refuses a caller without a signature. */
    static Readiness node(String url) {
        return new Readiness(
                List.of(http(url + "/health/ready", Set.of(200)), http(url + "/internal/v1/peers", Set.of(401, 403))));
    }

    /** A worker: its health port says so. */
    static Readiness worker(String url) {
        return new Readiness(List.of(http(url + "/health/ready", Set.of(200))));
    }

    /** A database: it greets. It does so only after its init file ran. */
    static Readiness mariaDb(int port) {
        return new Readiness(List.of(() -> complaintAboutGreeting(port)));
    }

    /** A broker: it accepts connections, which Artemis does after it has loaded its journal. */
    static Readiness broker(int port) {
        return new Readiness(List.of(() -> complaintAboutConnecting(port)));
    }

    /** An HTTP GET that must be answered with one of the given statuses. */
    static Probe http(String url, Set<Integer> statuses) {
        return () -> complaintAboutHttp(url, statuses);
    }

    /** What is wrong at this moment, or an empty string. */
    String complaint() {
        for (Probe probe : probes) {
            String complaint = probe.complaint();
            if (!complaint.isEmpty()) {
                return complaint;
            }
        }
        return "";
    }

    /** Polls until everything is well. False when the process is gone or the time is over. */
    boolean await(ProcessHandle process, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            if (complaint().isEmpty()) {
                return process.isAlive();
            }
            try {
                Thread.sleep(POLL_EVERY.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private static String complaintAboutHttp(String url, Set<Integer> statuses) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection(java.net.Proxy.NO_PROXY);
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setInstanceFollowRedirects(false);
            try {
                int status = connection.getResponseCode();
                return statuses.contains(status) ? "" : url + " answers " + status + refusal(connection);
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return url + ": " + e.getMessage();
        }
    }

    private static String refusal(HttpURLConnection connection) throws IOException {
        try (InputStream body = connection.getErrorStream()) {
            if (body == null) {
                return "";
            }
            Matcher found = REFUSAL.matcher(new String(body.readNBytes(READ_BYTES), UTF_8));
            return found.find() ? " (" + found.group(1) + ")" : "";
        }
    }

    private static String complaintAboutGreeting(int port) {
        try (Socket socket = connect(port);
                InputStream in = socket.getInputStream()) {
            byte[] packet = in.readNBytes(5);
            // Four bytes of header, then the protocol version, 10; 255 would be an error ("too many connections").
            return packet.length == 5 && packet[4] == 10 ? "" : "port " + port + " does not greet as MariaDB does";
        } catch (IOException e) {
            return "port " + port + ": " + e.getMessage();
        }
    }

    private static String complaintAboutConnecting(int port) {
        try (Socket socket = connect(port)) {
            return socket.isConnected() ? "" : "port " + port + " does not answer";
        } catch (IOException e) {
            return "port " + port + ": " + e.getMessage();
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
