package org.holdfast.master.cluster;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.holdfast.contract.NodeReport;

/** A node that answers heartbeats as it is told, over real HTTP. */
public final class FakeNode implements AutoCloseable {
    /** How the next heartbeats go. */
    enum Mood {
        FINE,
        FAILS,
        /** Answers when it is told to be otherwise. */
        HANGS,
        /** Of each three heartbeats it fails two. */
        STUMBLES,
        BABBLES,
        HAS_ANOTHER_DISK,
        HAS_NOT_JOINED,
        HAS_OTHER_KEYS,
        KNOWS_A_LATER_LEADER,
        HAS_A_BAD_DISK
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger asked = new AtomicInteger();
    private final String name;
    private final HttpServer server;
    private final FakeDisk disk;
    private volatile boolean isClosing;
    private volatile Mood mood = Mood.FINE;
    private volatile String authorization = "";
    private volatile String ping = "";
    private volatile String boot = TestNodes.BOOT;

    public FakeNode(String name) throws IOException {
        this.name = name;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        disk = new FakeDisk(server);
        server.createContext("/internal/v1/ping", exchange -> {
            authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            int number = asked.incrementAndGet();
            Mood now = mood == Mood.STUMBLES && number % 3 != 0 ? Mood.FAILS : mood;
            if (now == Mood.HANGS) {
                await();
                now = mood;
            }
            ping = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] body = body(now).getBytes(StandardCharsets.UTF_8);
            int status = switch (now) {
                case FAILS, HAS_NOT_JOINED -> 503;
                case HAS_OTHER_KEYS -> 401;
                case KNOWS_A_LATER_LEADER -> 409;
                default -> 200;
            };
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.setExecutor(threads);
        server.start();
    }

    private String body(Mood now) {
        String disk = TestNodes.disk(now == Mood.HAS_ANOTHER_DISK ? "another" : name);
        Optional<String> fault = now == Mood.HAS_A_BAD_DISK ? Optional.of("The disk smokes.") : Optional.empty();
        return switch (now) {
            case BABBLES -> "{\"name\":7}";
            case HAS_OTHER_KEYS -> "{\"code\":\"cluster-signature-required\"}";
            case HAS_NOT_JOINED -> "{\"code\":\"not-joined\"}";
            case KNOWS_A_LATER_LEADER -> "{\"code\":\"stale-leader\"}";
            default ->
                new NodeReport(
                                name,
                                disk,
                                new NodeReport.Room(1_000, 300, 700),
                                new NodeReport.State(boot, 5, fault, 100),
                                Optional.empty())
                        .toJson()
                        .toString();
        };
    }

    private synchronized void await() {
        try {
            while (mood == Mood.HANGS && !isClosing) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized void is(Mood next) {
        mood = next;
        notifyAll();
    }

    /** Heartbeats that have arrived. */
    int asked() {
        return asked.get();
    }

    String authorization() {
        return authorization;
    }

    /** Body of the last heartbeat. */
    String ping() {
        return ping;
    }

    /** As if its process had been started anew. */
    void restarts() {
        boot = TestNodes.BOOT + "-again";
    }

    /** What it keeps. */
    public FakeDisk disk() {
        return disk;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        isClosing = true;
        is(Mood.FINE);
        server.stop(0);
        threads.shutdownNow();
    }
}
