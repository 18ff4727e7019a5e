package org.holdfast.worker.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.holdfast.contract.JsonText;

/**
 * {@code GET /health/live}, {@code /health/ready} (MicroProfile Health's JSON; 200 up, 503 down) and {@code /metrics}.
 *
 * <p>Live: all slots have their threads. Ready: all of them are connected to the broker.
 */
public final class HealthServer implements AutoCloseable {
    private static final int BACKLOG = 16;

    /** A request has its thread from its first byte on: so many can trickle at once, and others are answered. */
    private static final int MOST_THREADS = 64;

    private static final int REQUEST_SECONDS = 10;
    private static final int IDLE_THREAD_SECONDS = 20;

    private final HttpServer http;
    private final ThreadPoolExecutor threads;

    static {
        // Read once by the JDK's server, which has no other way to be told: it waits for ever otherwise.
        System.setProperty("sun.net.httpserver.maxReqTime", Integer.toString(REQUEST_SECONDS));
        System.setProperty("sun.net.httpserver.maxRspTime", Integer.toString(REQUEST_SECONDS));
    }

    /**
     * Listens from now on.
     *
     * @param tls to answer within TLS; empty for plain text
     * @param alive whether the slots' threads run
     * @throws IOException when the address can't be bound
     */
    public HealthServer(
            HealthConfig config,
            Optional<SSLContext> tls,
            WorkerMetrics metrics,
            Supplier<WorkerMetrics.Gauges> gauges,
            Supplier<Boolean> alive)
            throws IOException {
        var address = new InetSocketAddress(config.address(), config.port());
        if (address.isUnresolved()) {
            throw new IOException("unknown host " + config.address());
        }
        threads = threads();
        http = tls.isPresent() ? secured(tls.get(), address) : HttpServer.create(address, BACKLOG);
        http.setExecutor(threads);
        http.createContext("/health/live", exchange -> health(exchange, "slots", alive.get()));
        http.createContext("/health/ready", exchange -> {
            var now = gauges.get();
            health(exchange, "broker", now.connectedSlots() == now.slots());
        });
        http.createContext(
                "/metrics", exchange -> answer(exchange, 200, "text/plain; version=0.0.4", metrics.text(gauges.get())));
        http.start();
    }

    private static ThreadPoolExecutor threads() {
        var threads = new ThreadPoolExecutor(
                MOST_THREADS,
                MOST_THREADS,
                IDLE_THREAD_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    var thread = new Thread(task, "health");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static HttpServer secured(SSLContext context, InetSocketAddress address) throws IOException {
        HttpsServer https = HttpsServer.create(address, BACKLOG);
        https.setHttpsConfigurator(new HttpsConfigurator(context));
        return https;
    }

    public int port() {
        return http.getAddress().getPort();
    }

    private static void health(HttpExchange exchange, String check, boolean up) throws IOException {
        String status = up ? "UP" : "DOWN";
        String json = JsonText.object()
                .add("status", status)
                .add(
                        "checks",
                        JsonText.array()
                                .add(JsonText.object()
                                        .add("name", check)
                                        .add("status", status)
                                        .add("data", JsonText.object())))
                .build()
                .toString();
        answer(exchange, up ? 200 : 503, "application/json", json);
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            boolean readable = exchange.getRequestMethod().equals("GET")
                    || exchange.getRequestMethod().equals("HEAD");
            byte[] body = (readable ? text : "only GET and HEAD\n").getBytes(StandardCharsets.UTF_8);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.getResponseHeaders().set("Content-Type", readable ? type : "text/plain");
            exchange.sendResponseHeaders(readable ? status : 405, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
