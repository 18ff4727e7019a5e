package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Garbage gets a problem with a stable code, whoever sends it wherever, and never a look at the inside. */
@Order(2)
@SharedCluster.Of
class RefusalsIT {
    private static final byte[] NOTHING = {};

    private final TestCluster cluster;

    RefusalsIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                GET    | /api/v1/nonsense                                 | 404 | not-found
                GET    | /api/v1/files/admin/absent.txt                   | 404 | not-found
                GET    | /api/v1/files/absent-namespace/x                 | 404 | not-found
                GET    | /api/v1/folders/admin/absent                     | 404 | not-found
                GET    | /api/v1/replicas/admin/absent                    | 404 | not-found
                GET    | /api/v1/tasks/01ABSENT                           | 404 | not-found
                GET    | /api/v1/nodes/sn99                               | 404 | not-found
                PATCH  | /api/v1/files/admin/x                            | 405 | method-not-allowed
                DELETE | /api/v1/nodes                                    | 405 | method-not-allowed
                GET    | /api/v1/uploads/admin/x                          | 405 | method-not-allowed
                POST   | /api/v1/namespaces                               | 400 | invalid-parameter
                GET    | /api/v1/files/ADMIN/x                            | 400 | invalid-name
                GET    | /api/v1/files/admin/a%0Ab                        | 400 | invalid-name
                GET    | /api/v1/files/admin/a/%2E%2E/b                   | 400 | invalid-name
                GET    | /api/v1/folders/admin?limit=many                 | 400 | invalid-parameter
                GET    | /api/v1/folders/admin?limit=-1                   | 400 | invalid-parameter
                POST   | /api/v1/uploads/admin/x?durability=0             | 400 | invalid-parameter
                POST   | /api/v1/uploads/admin/x?on-conflict=maybe        | 400 | invalid-parameter
                POST   | /api/v1/uploads/admin/x?size=-2                  | 400 | invalid-parameter
                POST   | /api/v1/files/admin/x                            | 400 | invalid-parameter
                GET    | /api/v1/audit?user=anna                          | 400 | invalid-parameter
                GET    | /api/v1/nodes?status=down                        | 400 | invalid-parameter
                GET    | /api/v1/files/admin/absent.txt?vers=1            | 400 | invalid-parameter
                PUT    | /api/v1/files/admin/x?size=0                     | 400 | invalid-parameter
                DELETE | /api/v1/files/admin/absent.txt?version=1         | 400 | invalid-parameter
                POST   | /api/v1/files/admin/x?move-to=admin/y&force=true | 400 | invalid-parameter
                POST   | /api/v1/uploads/admin/x?replicas=1               | 400 | invalid-parameter
                GET    | /api/v1/archives/admin?format=tar                | 400 | invalid-parameter
                GET    | /api/v1/stream?topic=nodes                       | 400 | invalid-parameter
                PUT    | /api/v1/files/admin/x;jsessionid=1               | 400 | bad-request
                DELETE | /api/v1/folders/admin/a;jsessionid=1/b?recursive=true | 400 | bad-request
                PUT    | /api/v1/folders/admin/a;jreplica=1               | 400 | bad-request
                DELETE | /api/v1/users/nobody;x                           | 400 | invalid-name
                """)
    void theMasterNamesTheProblem(String method, String path, int status, String code) {
        var answer = cluster.http().send(method, cluster.url().resolve(path), BodyPublishers.noBody());
        assertProblem(answer.expect(status), code);
    }

    /** What a client says is never overlooked, at a node neither. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                PUT | /api/v1/files/admin/x?size=0                 | 400 | invalid-parameter
                PUT | /api/v1/files/admin/x?node=sn2               | 400 | invalid-parameter
                PUT | /api/v1/files/admin/x?overwrite=no           | 400 | invalid-parameter
                PUT | /api/v1/files/admin/x;jsessionid=1           | 400 | bad-request
                GET | /api/v1/files/admin/absent.txt?vers=1        | 400 | invalid-parameter
                """)
    void soDoesANode(String method, String path, int status, String code) {
        var answer = cluster.http().send(method, cluster.urlOf("sn1").resolve(path), BodyPublishers.noBody());
        assertProblem(answer.expect(status), code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                {
                []
                "text"
                {"name":7}
                {"name":"x","replicas":"two"}
                {"name":"x","replicas":99}
                {"name":"x","replica":2}
                {"name":"x","placement":"wherever"}
                {"name":"../x"}
                """)
    void badJsonIsRefused(String body) {
        var answer = cluster.http().post(cluster.api("namespaces"), body, "Content-Type", "application/json");
        assertProblem(answer.expect(400), null);
    }

    @ParameterizedTest
    @CsvSource({
        "Content-MD5, nonsense",
        "Repr-Digest, nonsense",
        "Repr-Digest, sha-256=:AAAA:",
        "Holdfast-Content-Type, nonsense"
    })
    void oddHeadersAreRefused(String header, String value) {
        var answer = cluster.http().post(cluster.api("uploads", "admin/odd"), "", header, value);
        assertProblem(answer.expect(400), null);
    }

    @Test
    void whoDoesNotSignInIsAskedTo() {
        URI listing = cluster.api("folders", "admin");
        for (Http stranger : List.of(
                Http.anonymous(),
                Http.signedInAs("admin", "wrong"),
                Http.signedInAs("nobody", cluster.password()),
                Http.authorizedBy("Basic %%%"),
                Http.authorizedBy("Bearer nonsense"),
                Http.authorizedBy("Basic"))) {
            var answer = stranger.get(listing).expect(401);
            assertProblem(answer, "sign-in-required");
            assertThat(answer.requireHeader("WWW-Authenticate")).startsWith("Basic realm=\"Holdfast\"");
        }
    }

    @Test
    void aSessionEndsWhenItIsToldTo() {
        String token = cluster.http()
                .post(cluster.api("session"), "")
                .expect(201)
                .json()
                .getString("token");
        var bearer = Http.authorizedBy("Bearer " + token);
        bearer.get(cluster.api("nodes")).expect(200);
        bearer.delete(cluster.api("session")).expect(204);
        bearer.get(cluster.api("nodes")).expect(401);
    }

    @Test
    void internalCallsWantTheClustersSignature() {
        URI node = cluster.urlOf("sn1");
        var keys = Tickets.of(cluster, "sn1");
        Instant now = Instant.now();
        for (Http stranger : List.of(
                Http.anonymous(),
                cluster.http(),
                Http.authorizedBy("Holdfast nonsense"),
                Http.authorizedBy(keys.callToMaster("GET", "/internal/v1/peers", NOTHING, now)),
                Http.authorizedBy(Tickets.of(cluster, "sn2").callOfMaster("GET", "/internal/v1/peers", NOTHING, now)),
                Http.authorizedBy(keys.withWrongKey().callOfMaster("GET", "/internal/v1/peers", NOTHING, now)),
                Http.authorizedBy(keys.callOfMaster("GET", "/internal/v1/other", NOTHING, now)))) {
            assertProblem(stranger.get(node.resolve("/internal/v1/peers")).expect(401), "cluster-signature-required");
        }
        Instant early = now.minus(Duration.ofMinutes(6));
        assertProblem(
                Http.authorizedBy(keys.callOfMaster("GET", "/internal/v1/peers", NOTHING, early))
                        .get(node.resolve("/internal/v1/peers"))
                        .expect(401),
                "clock-skew");
        Http.authorizedBy(keys.callOfMaster("GET", "/internal/v1/peers", NOTHING, now))
                .within(Trust.context(cluster.identities(), "m1"))
                .get(node.resolve("/internal/v1/peers"))
                .expect(200);
        assertProblem(
                cluster.http()
                        .delete(node.resolve("/internal/v1/blobs/01ARZ3NDEKTSV4RRFFQ69G5FAV"))
                        .expect(401),
                "cluster-signature-required");
        for (String path : List.of("/internal/v1/commits", "/internal/v1/commits/known")) {
            assertProblem(
                    cluster.http().post(cluster.url().resolve(path), "{}").expect(401), "cluster-signature-required");
        }
        assertProblem(cluster.http().post(cluster.api("nodes"), "{}").expect(401), null);
    }

    @Test
    void onlyAGenuineTicketOpensABlob() {
        cluster.http()
                .put(cluster.api("files", "admin/ticket"), Bytes.random(100, 1))
                .expect(201);
        var redirect = cluster.http().get(cluster.api("files", "admin/ticket")).expect(307);
        String location = redirect.requireHeader("Location");
        String blobUrl = location.substring(0, location.indexOf('?'));
        String ticket = location.substring(location.indexOf('=') + 1);
        var claims = Tickets.claims(ticket);
        var keys = Tickets.of(cluster, redirect.requireHeader("Holdfast-Node"));
        var later = Tickets.expiring(claims, Instant.now().plus(Duration.ofDays(1)));
        var past = Tickets.expiring(claims, Instant.now().minusSeconds(1));

        var refused = Map.of(
                "",
                "ticket-invalid",
                "x.y.z",
                "ticket-invalid",
                ticket.substring(0, ticket.length() - 2),
                "ticket-invalid",
                Tickets.altered(ticket, later),
                "ticket-invalid",
                keys.withWrongKey().sealed(later),
                "ticket-invalid",
                keys.sealed(past),
                "ticket-expired");
        refused.forEach((forged, code) -> assertProblem(
                Http.anonymous().get(URI.create(blobUrl + "?ticket=" + forged)).expect(403), code));
        Http.anonymous().get(URI.create(blobUrl)).expect(403);
        assertProblem(
                Http.anonymous().get(URI.create(location + "&inline=true")).expect(400), "invalid-parameter");
        Http.anonymous()
                .get(URI.create(blobUrl + "?ticket=" + keys.sealed(later)))
                .expect(200);

        // A ticket is for one thing at one blob.
        Http.anonymous().put(URI.create(location), NOTHING).expect(403);
        String other = blobUrl.substring(0, blobUrl.length() - 1) + (blobUrl.endsWith("0") ? "1" : "0");
        Http.anonymous().get(URI.create(other + "?ticket=" + ticket)).expect(403);
    }

    @Test
    void whatIsNoDecentHttpIsRefusedBriefly() {
        for (URI server : List.of(cluster.url(), cluster.urlOf("sn1"))) {
            for (String head : List.of(
                    "GET /api/v1/files/admin/\u00e4\u00ff HTTP/1.1",
                    "GET /blobs/%zz?ticket=%zz HTTP/1.1",
                    "PUT /api/v1/files/admin/x HTTP/1.1\r\nContent-Length: -5",
                    "PUT /api/v1/files/admin/x HTTP/1.1\r\nContent-Length: many",
                    "NONSENSE / HTTP/1.1",
                    "GET / HTTP/9.9")) {
                String answer = RawHttp.send(server, head, NOTHING);
                assertThat(RawHttp.status(answer)).as(head + " at " + server).isBetween(400, 505);
                assertNothingInside(head, answer);
            }
            Http.anonymous().get(server.resolve("/health/live")).expect(200);
        }
    }

    /** A server that hangs up in the middle of them may reset the connection, and its answer is lost with it. */
    @Test
    void giantHeadersAreRefusedBeforeTheirEnd() throws IOException {
        String padding = "x".repeat(1_000);
        for (URI server : List.of(cluster.url(), cluster.urlOf("sn1"))) {
            for (String begin : List.of("GET /api/v1/nodes HTTP/1.1\r\nHost: x\r\nX-Huge: ", "GET /")) {
                assertThat(RawHttp.sendUntilRefused(server, begin, padding, 100_000))
                        .as(begin + " at " + server)
                        .isBetween(8, 90_000);
            }
            Http.anonymous().get(server.resolve("/health/live")).expect(200);
        }
    }

    /** The container would answer 200 of its own accord, and who forgot to encode a name would believe it stored. */
    @Test
    void aPathThatCannotBeDecodedIsNeverASuccess() {
        String head = " /api/v1/files/admin/100% HTTP/1.1\r\nAuthorization: Basic "
                + Base64.getEncoder().encodeToString(("admin:" + cluster.password()).getBytes(UTF_8));
        for (URI server : List.of(cluster.url(), cluster.urlOf("sn1"))) {
            for (String request : List.of("GET" + head, "PUT" + head + "\r\nContent-Length: 3")) {
                String answer = RawHttp.send(server, request, "abc".getBytes(UTF_8));
                assertThat(RawHttp.status(answer)).as("%s: %s", server, answer).isEqualTo(400);
                assertNothingInside(request, answer);
            }
        }
    }

    static void assertProblem(Http.Answer answer, @org.jspecify.annotations.Nullable String code) {
        String asked =
                answer.response().request().method() + " " + answer.response().uri();
        assertThat(answer.requireHeader("Content-Type")).as(asked).startsWith("application/problem+json");
        var problem = answer.json();
        assertThat(problem.keySet()).as(asked).contains("type", "title", "status", "detail", "code");
        assertThat(problem.getInt("status")).as(asked).isEqualTo(answer.status());
        if (code != null) {
            assertThat(problem.getString("code")).as(asked).isEqualTo(code);
        }
        assertNothingInside(asked, answer.text());
    }

    private static void assertNothingInside(String asked, String text) {
        assertThat(text)
                .as(asked)
                .doesNotContain("\tat ", "Exception", "org.holdfast", "java.lang", "jakarta.", "Caused by");
    }
}
