package org.holdfast.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The launcher's ear: a loopback HTTP server for the scripts {@code setup/status}, {@code stop} and {@code node}. Only
 * who can read {@code DATA/run/control} (0600: {@code port token}) is listened to.
 *
 * <ul>
 *   <li>{@code GET /status} → 200, the tables
 *   <li>{@code POST /stop} → 202; the launcher ends afterwards
 *   <li>{@code POST /components/NAME/start|stop|kill|pause|resume} → 200 when done, one sentence; 404 for an unknown
 *       name or verb, 409 with the reason when it can't be done
 * </ul>
 */
final class ControlServer implements AutoCloseable {
    private static final int TOKEN_BYTES = 24;
    private static final int THREADS = 8;

    private final Cluster cluster;
    private final Status status;
    private final Runnable onStop;
    private final byte[] expected;
    private final HttpServer server;
    private final ExecutorService threads;

    private ControlServer(Status status, Runnable onStop, String token, HttpServer server) {
        this.status = status;
        cluster = status.cluster();
        this.onStop = onStop;
        this.server = server;
        expected = ("Bearer " + token).getBytes(UTF_8);
        threads = Executors.newFixedThreadPool(THREADS, work -> {
            Thread thread = new Thread(work, "control");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /**
     * Listens and says where, in {@code DATA/run/control}.
     *
     * @param onStop called once the answer to {@code POST /stop} is out
     */
    static ControlServer start(DataDir data, int port, Status status, SecureRandom random, Runnable onStop) {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        String tokenText = HexFormat.of().formatHex(token);
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            ControlServer control = new ControlServer(status, onStop, tokenText, http);
            http.start();
            PrivateFile.write(data.run().resolve("control"), http.getAddress().getPort() + " " + tokenText + "\n");
            return control;
        } catch (IOException e) {
            throw Refusal.failed("cannot listen on the control port " + port, e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization == null || !MessageDigest.isEqual(expected, authorization.getBytes(UTF_8))) {
                answer(exchange, 401, "the token of DATA/run/control is missing");
                return;
            }
            String request =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            if (request.equals("GET /status")) {
                answer(exchange, 200, status.text());
            } else if (request.equals("POST /stop")) {
                answer(exchange, 202, "stopping");
                onStop.run();
            } else if (request.startsWith("POST /components/")) {
                steer(exchange, List.of(request.split("/", -1)));
            } else {
                answer(exchange, 404, "there is no " + request);
            }
        }
    }

    private void steer(HttpExchange exchange, List<String> parts) throws IOException {
        if (parts.size() != 4) {
            answer(exchange, 404, "a component's address is /components/NAME/VERB");
            return;
        }
        try {
            answer(exchange, 200, steer(parts.get(2), parts.get(3)));
        } catch (Refusal e) {
            answer(exchange, e.exitCode() == Refusal.USAGE ? 404 : 409, e.sentence());
        }
    }

    private String steer(String name, String verb) {
        if (verb.equals("start")) {
            Duration took = cluster.start(name);
            return String.format(Locale.ROOT, "%s is ready after %.1f s", name, took.toMillis() / 1000.0);
        }
        Component component = cluster.find(name)
                .orElseThrow(() -> Refusal.usage("there is no component " + name + "; there are "
                        + String.join(
                                ", ",
                                cluster.components().stream()
                                        .map(Component::name)
                                        .toList())));
        switch (verb) {
            case "stop" -> {
                if (!component.state().isRunning() && component.state() != ComponentState.DIED) {
                    throw Refusal.failed(name + " does not run");
                }
                component.stop();
            }
            case "kill" -> component.kill();
            case "pause" -> component.pause();
            case "resume" -> component.resume();
            default -> throw Refusal.usage(verb + " is none of start, stop, kill, pause, resume");
        }
        return name + " is " + component.state();
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = (text.endsWith("\n") ? text : text + "\n").getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
