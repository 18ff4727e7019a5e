package org.holdfast.storage.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.holdfast.contract.Landing;
import org.holdfast.contract.TaskMessage.Member;
import org.holdfast.contract.Ticket;
import org.holdfast.contract.TicketSeal;
import org.holdfast.storage.store.Samples;

/** Another storage node over real HTTP, as far as a primary sees it. May be told to misbehave. */
public final class FakePartner implements AutoCloseable {
    private final String name;
    private final HttpServer server;
    private final TicketSeal tickets;
    private final Map<String, byte[]> landed = new ConcurrentHashMap<>();
    private final Queue<Ticket> shown = new ConcurrentLinkedQueue<>();
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final Queue<String> withdrawn = new ConcurrentLinkedQueue<>();
    private final CountDownLatch thaw = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Mood mood = Mood.WELL;

    /** How it behaves. */
    public enum Mood {
        WELL,
        /** Takes a little of the body and says that it is full. */
        FULL,
        /** Takes a connection and nothing else. */
        FROZEN,
        /** Lands something that was never sent. */
        MAD
    }

    public FakePartner(String name, Clock clock) {
        this.name = name;
        this.tickets = new TicketSeal(name, Samples.keysOf(name).tickets(), clock);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public Member member() {
        return new Member(name, "http://127.0.0.1:" + server.getAddress().getPort());
    }

    public void feels(Mood now) {
        mood = now;
    }

    public byte[] landed(String blob) {
        return landed.getOrDefault(blob, new byte[0]);
    }

    void has(String blob, byte[] bytes) {
        landed.put(blob, bytes);
    }

    public boolean isEmpty() {
        return landed.isEmpty();
    }

    Queue<Ticket> shown() {
        return shown;
    }

    Queue<String> told() {
        return told;
    }

    Queue<String> withdrawn() {
        return withdrawn;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Ticket ticket = tickets.open(exchange.getRequestURI().getRawQuery().substring("ticket=".length()));
            if (exchange.getRequestMethod().equals("DELETE")) {
                withdrawn.add(
                        ticket.operation() + " " + exchange.getRequestURI().getPath());
                landed.remove(exchange.getRequestURI().getPath().replace("/internal/v1/blobs/", ""));
                exchange.sendResponseHeaders(204, -1);
                return;
            }
            shown.add(ticket);
            told.add(String.valueOf(exchange.getRequestHeaders().getFirst("Repr-Digest")));
            switch (mood) {
                case WELL -> land(exchange, ticket, exchange.getRequestBody().readAllBytes());
                case MAD -> {
                    exchange.getRequestBody().readAllBytes();
                    land(exchange, ticket, Samples.bytes("something else"));
                }
                case FULL -> {
                    exchange.getRequestBody().readNBytes(10);
                    answer(exchange, 507, "{\"code\":\"full\"}");
                }
                case FROZEN -> thaw.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void land(HttpExchange exchange, Ticket ticket, byte[] body) throws IOException {
        byte[] before = landed.putIfAbsent(ticket.blob().id().value(), body);
        var landing = new Landing(name, Samples.facts(ticket.blob().id(), body));
        answer(exchange, before == null ? 201 : 200, landing.toJson().toString());
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        thaw.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
