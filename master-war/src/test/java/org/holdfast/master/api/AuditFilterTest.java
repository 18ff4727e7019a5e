package org.holdfast.master.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.holdfast.contract.RefusedStrangers;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Role;
import org.holdfast.master.audit.AuditTrail;
import org.holdfast.master.audit.RecordStrangers;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class AuditFilterTest {
    private static final Caller ANNA = new Caller(7, "anna", Role.USER, 0);

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final AtomicInteger status = new AtomicInteger(200);
    private final List<String> line = new ArrayList<>();

    private static HttpServletRequest request(String method, String uri, Map<String, String> headers) {
        Map<String, Object> attributes = new HashMap<>();
        return (HttpServletRequest) Proxy.newProxyInstance(
                AuditFilterTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, called, arguments) -> switch (called.getName()) {
                    case "getMethod" -> method;
                    case "getRequestURI" -> uri;
                    case "getQueryString" -> null;
                    case "getRemoteAddr" -> "192.0.2.7";
                    case "getHeader" -> headers.get((String) arguments[0]);
                    case "getAttribute" -> attributes.get((String) arguments[0]);
                    case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
                    default -> throw new UnsupportedOperationException(called.toString());
                });
    }

    private HttpServletResponse response() {
        var out = new ServletOutputStream() {
            @Override
            public void write(int octet) {
                line.add("byte");
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {
                throw new UnsupportedOperationException();
            }
        };
        return (HttpServletResponse) Proxy.newProxyInstance(
                AuditFilterTest.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, called, arguments) -> switch (called.getName()) {
                    case "getStatus" -> status.get();
                    case "getOutputStream" -> out;
                    default -> throw new UnsupportedOperationException(called.toString());
                });
    }

    private List<String> records() throws Exception {
        return master.rows("SELECT component, COALESCE(account_id, 0), actor, via, address, action, object, detail,"
                + " status, code, bytes FROM audit_log ORDER BY id");
    }

    private void run(HttpServletRequest request, FilterChain chain) throws Exception {
        master.get(AuditFilter.class).doFilter(request, response(), chain);
    }

    private void store() throws Exception {
        master.get(AuditTrail.class).storeTheRest();
    }

    private static Map<String, String> basic(String pair) {
        return Map.of(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aReadIsRecordedOnTheSide() throws Exception {
        var request = request("GET", "/api/v1/files/anna/a%20b", Map.of("Authorization", "Bearer x"));
        run(request, (asked, answer) -> {
            asked.setAttribute(AuditNote.CALLER, ANNA);
            status.set(307);
        });
        assertThat(records()).isEmpty();
        store();
        assertThat(records()).containsExactly("m1 7 anna SESSION 192.0.2.7 files.get anna/a b - 307 - -");
    }

    @Test
    void nothingOfAnAnswerToAChangeGoesOutBeforeItsRecordIsStored() throws Exception {
        var request = request("PUT", "/api/v1/files/anna/a", basic("anna:secret"));
        var answered = CompletableFuture.runAsync(() -> {
            try {
                run(request, (asked, answer) -> {
                    asked.setAttribute(AuditNote.CALLER, ANNA);
                    asked.setAttribute(AuditNote.BYTES, 12L);
                    status.set(201);
                    answer.getOutputStream().write(new byte[] {1, 2});
                    line.add("end");
                });
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        while (records().isEmpty()) {
            assertThat(line).isEmpty();
            store();
        }
        answered.get();
        assertThat(line).containsExactly("byte", "byte", "end");
        assertThat(records()).containsExactly("m1 7 anna PASSWORD 192.0.2.7 files.put anna/a - 201 - 12");
    }

    @Test
    void aRefusalSaysWhoSomebodySaidToBeAndNeverTheirPassword() throws Exception {
        run(request("POST", "/api/v1/session", basic("anna:wrong secret")), (asked, answer) -> {
            asked.setAttribute(AuditNote.CODE, "sign-in-required");
            status.set(401);
        });
        run(request("GET", "/api/v1/nodes", basic("no colon, maybe a password")), (asked, answer) -> status.set(401));
        run(request("GET", "/api/v1/nodes", Map.of()), (asked, answer) -> status.set(401));
        store();
        assertThat(records())
                .containsExactlyInAnyOrder(
                        "m1 0 anna PASSWORD 192.0.2.7 session.open  - 401 sign-in-required -",
                        "m1 0 - NOBODY 192.0.2.7 nodes.get  - 401 - -",
                        "m1 0 - NOBODY 192.0.2.7 nodes.get  - 401 - -")
                .noneMatch(record -> record.contains("secret") || record.contains("maybe"));
    }

    private void refuseStrangers(int requests) throws Exception {
        for (int i = 0; i < requests; i++) {
            run(request("PUT", "/api/v1/files/a/" + "o".repeat(4_000), Map.of()), (asked, answer) -> status.set(401));
        }
    }

    @Test
    void strangersAreRecordedUpToABoundThenCountedAndFillNothing() throws Exception {
        refuseStrangers(500);
        var trail = master.get(AuditTrail.class);
        trail.requireRoom();
        assertThat(trail.waiting()).isLessThanOrEqualTo(TestWiring.MOST_AUDIT_WAITING / 2);
        int recorded = trail.waiting();
        store();
        assertThat(records()).hasSize(recorded).allMatch(record -> record.length() < 400);
        master.clock().forward(Duration.ofMinutes(1));
        master.get(RecordStrangers.class).tell();
        store();
        assertThat(records())
                .hasSize(recorded + 1)
                .last()
                .asString()
                .startsWith("m1 0 - NOBODY 192.0.2.7 http.refused  count=" + (500 - recorded) + " since=")
                .endsWith(" 401 - -");
        assertThat(trail.lost()).isZero();
    }

    @Test
    void strangersAreBoundedHoweverMuchRoomThereIs() throws Exception {
        int most = RefusedStrangers.Bounds.DEFAULT.each();
        for (int request = 0; request < most + 5; request++) {
            refuseStrangers(1);
            store();
        }
        assertThat(records()).hasSize(most);
    }

    @Test
    void whoIsKnownAndMayNotIsNamed() throws Exception {
        run(request("GET", "/api/v1/tasks", Map.of("Authorization", "Bearer x")), (asked, answer) -> {
            asked.setAttribute(AuditNote.CALLER, ANNA);
            asked.setAttribute(AuditNote.CODE, "forbidden");
            status.set(403);
        });
        store();
        assertThat(records()).containsExactly("m1 7 anna SESSION 192.0.2.7 tasks.get  - 403 forbidden -");
    }

    @Test
    void aLinkIsRecordedByItsAccountAndNotByItsText() throws Exception {
        run(request("POST", "/api/v1/password-links/c2VjcmV0", Map.of()), (asked, answer) -> {
            asked.setAttribute(AuditNote.CALLER, Gate.NOBODY);
            asked.setAttribute(AuditNote.ACTOR, "anna");
            status.set(204);
        });
        store();
        assertThat(records()).containsExactly("m1 0 anna LINK 192.0.2.7 password-links.use  - 204 - -");
    }

    @Test
    void whatAnEndpointNotesIsToldAndADefectIsRecordedToo() throws Exception {
        var request = request("POST", "/api/v1/users", Map.of("Authorization", "Bearer x"));
        assertThatThrownBy(() -> run(request, (asked, answer) -> {
                    asked.setAttribute(AuditNote.CALLER, ANNA);
                    asked.setAttribute(AuditNote.OBJECT, "bob");
                    asked.setAttribute(AuditNote.DETAIL, "role=user\nfiles.get");
                    throw new IllegalStateException("a defect");
                }))
                .isInstanceOf(IllegalStateException.class);
        store();
        assertThat(records())
                .containsExactly("m1 7 anna SESSION 192.0.2.7 users.create bob role=user\\u000afiles.get 500 - -");
    }

    @Test
    void whatNobodyHasToKnowIsNotRecorded() throws Exception {
        run(request("GET", "/api/v1/nodes", Map.of()), (asked, answer) -> {});
        run(request("POST", "/internal/v1/commits", Map.of()), (asked, answer) -> {});
        run(request("GET", "/health/live", Map.of()), (asked, answer) -> {});
        store();
        assertThat(records()).isEmpty();
    }
}
