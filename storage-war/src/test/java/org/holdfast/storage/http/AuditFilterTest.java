package org.holdfast.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.RefusedStrangers;
import org.holdfast.contract.Ticket;
import org.holdfast.storage.audit.AuditOutbox;
import org.holdfast.storage.audit.NodeAudit;
import org.holdfast.storage.store.Samples;
import org.holdfast.storage.store.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditFilterTest {
    private static final RefusedStrangers.Bounds BOUNDS = new RefusedStrangers.Bounds(7, 90);

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();

    private static HttpServletRequest request(String method, String uri, Map<String, String> headers) {
        Map<String, Object> attributes = new HashMap<>();
        return (HttpServletRequest) Proxy.newProxyInstance(
                AuditFilterTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, called, arguments) -> switch (called.getName()) {
                    case "getMethod" -> method;
                    case "getRequestURI" -> uri;
                    case "getRemoteAddr" -> "192.0.2.7";
                    case "getHeader" -> headers.get((String) arguments[0]);
                    case "getAttribute" -> attributes.get((String) arguments[0]);
                    case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
                    default -> throw new UnsupportedOperationException(called.toString());
                });
    }

    private static HttpServletResponse response(int status) {
        return (HttpServletResponse) Proxy.newProxyInstance(
                AuditFilterTest.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, called, arguments) -> status);
    }

    /** The records that follow from a request, as who, how, what and what came of it. */
    private List<String> records(HttpServletRequest request, int status, FilterChain chain) throws Exception {
        var outbox = AuditOutbox.open(folder.resolve("audit"), AuditOutbox.MOST_BYTES);
        var audit = new NodeAudit("sn1", outbox, Optional.empty(), new RefusedStrangers(BOUNDS, clock), clock);
        new AuditFilter(audit).doFilter(request, response(status), chain);
        return written();
    }

    private List<String> written() throws IOException {
        List<String> records = new ArrayList<>();
        try (var files = Files.list(folder.resolve("audit"))) {
            for (Path file : files.sorted().toList()) {
                for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                    try (var reader = JsonText.reader(line)) {
                        records.add(text(AuditRecord.fromJson(reader.readObject())));
                    }
                }
            }
        }
        return records;
    }

    private static String text(AuditRecord record) {
        return String.join(
                " ",
                record.component(),
                record.who().actor(),
                record.who().via().name(),
                record.what().action(),
                record.what().object(),
                Integer.toString(record.result().status()),
                record.result().code().orElse("-"),
                record.result().bytes().map(String::valueOf).orElse("-"));
    }

    private Ticket ticket(Ticket.Operation operation) {
        BlobFacts facts = Samples.facts(BlobId.next(clock), Samples.bytes("0123456789"));
        Ticket ticket = Samples.ticket(operation, facts, clock);
        return operation == Ticket.Operation.GET
                ? new Ticket(
                        operation,
                        facts,
                        ticket.address(),
                        ticket.contentType(),
                        ticket.expiresAt(),
                        Optional.empty(),
                        Optional.of(new Ticket.Reading("anna", Instant.EPOCH, Optional.empty())))
                : ticket;
    }

    private static FilterChain used(Ticket ticket, long bytes) {
        return (request, response) -> {
            var unused = NodeServlet.remember((HttpServletRequest) request, ticket);
            request.setAttribute(AuditNote.BYTES, bytes);
        };
    }

    private static Map<String, String> basic(String pair) {
        return Map.of(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aTicketSaysWhoGetsAndWhoPuts() throws Exception {
        Ticket get = ticket(Ticket.Operation.GET);
        assertThat(records(request("GET", "/blobs/x", Map.of()), 206, used(get, 7)))
                .containsExactly("sn1 anna TICKET blobs.get " + get.address() + " 206 - 7");
        Ticket put = ticket(Ticket.Operation.PUT);
        assertThat(records(request("PUT", "/blobs/x", Map.of()), 201, used(put, 10)))
                .contains("sn1 admin TICKET blobs.put " + put.address() + " 201 - 10");
    }

    @Test
    void whatMembersCopyIsNotRecorded() throws Exception {
        for (var operation : List.of(Ticket.Operation.REPLICATE, Ticket.Operation.COPY, Ticket.Operation.LAND)) {
            assertThat(records(request("PUT", "/blobs/x", Map.of()), 201, used(ticket(operation), 10)))
                    .isEmpty();
        }
        assertThat(records(request("POST", "/internal/v1/ping", Map.of()), 200, (asked, answer) -> {}))
                .isEmpty();
    }

    @Test
    void whoComesStraightHereIsRecordedByTheTicketThatTheMasterGave() throws Exception {
        Ticket get = ticket(Ticket.Operation.GET);
        assertThat(records(
                        request("GET", "/api/v1/files/anna/a", basic("anna@example.org:secret")), 200, used(get, 10)))
                .containsExactly("sn1 anna PASSWORD blobs.get " + get.address() + " 200 - 10");
    }

    @Test
    void refusalsAreRecordedButForAWrongClock() throws Exception {
        assertThat(records(
                        request("GET", "/blobs/01M7", Map.of()),
                        403,
                        (asked, answer) -> asked.setAttribute(AuditNote.CODE, "ticket-expired")))
                .containsExactly("sn1 - TICKET blobs.get 01M7 403 ticket-expired -");
        assertThat(records(request("PUT", "/api/v1/files/anna/a%20b", basic("eve:secret")), 401, (asked, answer) -> {}))
                .contains("sn1 eve PASSWORD files.put anna/a b 401 - -")
                .hasSize(2);
        assertThat(records(
                        request("POST", "/internal/v1/ping", Map.of()),
                        401,
                        (asked, answer) -> asked.setAttribute(AuditNote.CODE, "clock-skew")))
                .hasSize(2);
        assertThat(records(
                        request("POST", "/internal/v1/ping", Map.of()),
                        401,
                        (asked, answer) -> asked.setAttribute(AuditNote.CODE, "cluster-signature-required")))
                .contains("sn1 - NOBODY http.post /internal/v1/ping 401 cluster-signature-required -")
                .hasSize(3)
                .noneMatch(record -> record.contains("secret"));
    }

    @Test
    void strangersAreRecordedUpToABoundAndThenCounted() throws Exception {
        var outbox = AuditOutbox.open(folder.resolve("audit"), AuditOutbox.MOST_BYTES);
        var audit = new NodeAudit("sn1", outbox, Optional.empty(), new RefusedStrangers(BOUNDS, clock), clock);
        for (int i = 0; i < 100; i++) {
            new AuditFilter(audit)
                    .doFilter(
                            request("GET", "/blobs/" + "x".repeat(4_000), Map.of()),
                            response(403),
                            (asked, answer) -> {});
        }
        assertThat(written()).hasSize(BOUNDS.each()).allMatch(record -> record.length() < 400);
        clock.forward(Duration.ofMinutes(1));
        audit.tellStrangers();
        assertThat(written()).hasSize(BOUNDS.each() + 1).contains("sn1 - NOBODY http.refused  403 - -");
    }

    @Test
    void strangersLeaveHalfOfTheRoomToOthers() throws Exception {
        var outbox = AuditOutbox.open(folder.resolve("audit"), 2_000);
        var audit = new NodeAudit("sn1", outbox, Optional.empty(), new RefusedStrangers(BOUNDS, clock), clock);
        for (int i = 0; i < BOUNDS.each(); i++) {
            new AuditFilter(audit).doFilter(request("GET", "/blobs/x", Map.of()), response(403), (asked, answer) -> {});
        }
        assertThat(outbox.waitingBytes()).isBetween(1_000L, 1_500L);
        assertThat(outbox.lost()).isZero();
    }
}
