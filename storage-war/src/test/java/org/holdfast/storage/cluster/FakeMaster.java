package org.holdfast.storage.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.CommitReply;
import org.holdfast.contract.CommitRequest;
import org.holdfast.contract.JoinReply;
import org.holdfast.contract.MemberKeys;
import org.holdfast.contract.SignedCall;
import org.holdfast.contract.Ticket;
import org.holdfast.contract.TicketSeal;
import org.holdfast.storage.store.Samples;

/** The few things that a storage node asks of a master, over real HTTP. Answers can be prepared one by one. */
public final class FakeMaster implements AutoCloseable {
    public static final String JOIN_TOKEN = "let-me-in";

    private final HttpServer server;
    private final MemberKeys keys;
    private final SignedCall signature;
    private final TicketSeal tickets;
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final Queue<Prepared> prepared = new ConcurrentLinkedQueue<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private volatile boolean refusesLocks;
    private volatile boolean knowsKeys = true;
    private volatile Function<String, Optional<Prepared>> files = target -> Optional.empty();

    /** An answer to give instead of the right one. */
    public record Prepared(int status, String location, String body) {
        public static Prepared problem(int status, String code) {
            return new Prepared(status, "", "{\"status\":" + status + ",\"code\":\"" + code + "\"}");
        }
    }

    public FakeMaster(MemberKeys keys, java.time.Clock clock) {
        this.keys = keys;
        this.signature = new SignedCall("sn1", keys.callsToMasters(), clock);
        this.tickets = new TicketSeal("sn1", keys.tickets(), clock);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "fake-master");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Lets a node in without being asked, and names other masters besides. */
    public void welcome(Membership membership, FakeMaster... others) throws IOException {
        var masters = Stream.concat(Stream.of(this), Stream.of(others)).map(FakeMaster::url);
        membership.welcome(new JoinReply(keys.lines(), masters.toList()));
    }

    /** What the next commits are answered with. */
    public void answerNextCommits(Prepared... answers) {
        prepared.addAll(List.of(answers));
    }

    /** How questions for files and uploads are answered, by method and path with query. */
    public void answerFiles(Function<String, Optional<Prepared>> answer) {
        files = answer;
    }

    public void refuseLocks(boolean refuses) {
        refusesLocks = refuses;
    }

    public void knows(String blob) {
        known.add(blob);
    }

    /** Method, path with query and body of everything that was asked. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String target = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            requests.add(target + " " + body);
            Prepared answer = switch (target) {
                case "POST /api/v1/nodes" -> join(exchange);
                case "POST /internal/v1/commits" -> signed(exchange, body).orElseGet(() -> commit(body));
                case "POST /internal/v1/locks" -> signed(exchange, body).orElseGet(this::locks);
                case "POST /internal/v1/commits/known" -> signed(exchange, body).orElseGet(() -> known(body));
                case "POST " + AuditRecord.PATH ->
                    signed(exchange, body).orElseGet(() -> files.apply(target).orElse(new Prepared(204, "", "")));
                default -> files.apply(target).orElse(Prepared.problem(404, "not-found"));
            };
            byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
            if (!answer.location.isEmpty()) {
                exchange.getResponseHeaders().set("Location", answer.location);
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Optional<Prepared> signed(HttpExchange exchange, String body) {
        try {
            signature.verify(
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    body.getBytes(StandardCharsets.UTF_8));
            return Optional.empty();
        } catch (org.holdfast.contract.HoldfastException e) {
            return Optional.of(Prepared.problem(401, e.code()));
        }
    }

    /** As masters that have never heard of this node's keys. */
    public void forgetKeys() {
        knowsKeys = false;
    }

    private Prepared join(HttpExchange exchange) {
        String expected = "Bearer " + JOIN_TOKEN;
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        boolean bySignature = knowsKeys && authorization != null && authorization.startsWith("Holdfast member=sn1,");
        if (!expected.equals(authorization) && !bySignature) {
            return Prepared.problem(401, "sign-in-required");
        }
        return new Prepared(
                201, "", new JoinReply(keys.lines(), List.of(url())).toJson().toString());
    }

    private Prepared commit(String body) {
        Prepared instead = prepared.poll();
        if (instead != null) {
            return instead;
        }
        var request = CommitRequest.fromJson(json(body));
        Ticket ticket = tickets.openOwn(request.ticket(), Samples.ofMasters());
        BlobFacts blob = request.landing().blob();
        known.add(blob.id().value());
        return new Prepared(
                201,
                "",
                new CommitReply(ticket.address(), 1, 0, blob, 1, 3, false)
                        .toJson()
                        .toString());
    }

    private Prepared locks() {
        return refusesLocks ? Prepared.problem(503, "unavailable") : new Prepared(204, "", "");
    }

    private Prepared known(String body) {
        var answer = Json.createArrayBuilder();
        json(body).getJsonArray("blobs").getValuesAs(JsonString::getString).stream()
                .filter(known::contains)
                .forEach(answer::add);
        return new Prepared(
                200, "", Json.createObjectBuilder().add("known", answer).build().toString());
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
