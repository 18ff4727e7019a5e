package org.holdfast.master.cluster;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.holdfast.contract.NodeReport;

/** A node that answers heartbeats as it is told, over real HTTP. */
public final class FakeNode implements AutoCloseable {
    /** How the next heartbeats go. */
    enum Mood {
        FINE,
        HANGS,
        FAILS,
        BABBLES,
        HAS_ANOTHER_DISK
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final String name;
    private final HttpServer server;
    private volatile Mood mood = Mood.FINE;
    private volatile String authorization = "";

    public FakeNode(String name) throws IOException {
        this.name = name;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/internal/v1/ping", exchange -> {
            authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            Mood now = mood;
            asked.incrementAndGet();
            if (now == Mood.HANGS) {
                await();
            }
            byte[] body = body(now).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(now == Mood.FAILS ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.setExecutor(threads);
        server.start();
    }

    private String body(Mood now) {
        String disk = TestNodes.disk(now == Mood.HAS_ANOTHER_DISK ? "another" : name);
        return now == Mood.BABBLES
                ? "{\"name\":7}"
                : new NodeReport(name, disk, 1_000, 300, 700).toJson().toString();
    }

    private void await() {
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void is(Mood next) {
        mood = next;
    }

    /** Heartbeats that have arrived. */
    int asked() {
        return asked.get();
    }

    String authorization() {
        return authorization;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
