package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people try who mean harm, at a master and at a node: every try gets its answer, and nothing comes of it. */
@Order(7)
@SharedCluster.Of
class AbuseIT {
    private static final String JSON = "application/json";
    private static final String PASSWORD = "a password for tests";
    private static final byte[] NOTHING = {};

    private final TestCluster cluster;
    private final Http http;

    AbuseIT(TestCluster cluster) {
        this.cluster = cluster;
        this.http = cluster.http();
    }

    /** Guesses from this machine count together: those of one test must not slow down the next. */
    @AfterEach
    void forgetGuesses() {
        var unused = cluster.sql("DELETE FROM sign_in_failure");
    }

    private String basic() {
        return "\r\nAuthorization: Basic "
                + Base64.getEncoder().encodeToString(("admin:" + cluster.password()).getBytes(UTF_8));
    }

    private List<URI> servers() {
        return List.of(cluster.url(), cluster.urlOf("sn1"));
    }

    private Http person(String name) {
        String account = "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\",\"mustSetPassword\":false}";
        json("POST", cluster.api("users"), account).expect(201);
        return Http.signedInAs(name, PASSWORD);
    }

    private Http.Answer json(String method, URI uri, String body) {
        return http.send(method, uri, BodyPublishers.ofString(body), "Content-Type", JSON);
    }

    private static void assertProblem(Http.Answer answer, int status, String code) {
        var problem = answer.expect(status).json();
        assertThat(answer.requireHeader("Content-Type")).startsWith("application/problem+json");
        assertThat(problem.getString("code")).isEqualTo(code);
        assertNothingInside(answer.response().uri().toString(), answer.text());
    }

    private static void assertNothingInside(String asked, String text) {
        assertThat(text).as(asked).doesNotContain("<html", "<HTML", "Payara", "GlassFish", "Grizzly");
        assertNoStackTrace(asked, text);
    }

    private static void assertNoStackTrace(String asked, String text) {
        assertThat(text)
                .as(asked)
                .doesNotContain("\tat ", "Exception", "org.holdfast", "java.lang", "jakarta.", "Caused by");
    }

    /** As /api/v1/files/admin/abuse/there.txt, or as something beyond it, to whoever reads only half of the path. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/files;/admin/abuse/there.txt",
                "/api/v1/files;admin/abuse/there.txt",
                "/api/v1/files;x=/admin/abuse/there.txt",
                "/api/v1/fil%65s/admin/abuse/there.txt",
                "/api/v1/./files/admin/abuse/there.txt",
                "/./api/v1/files/admin/abuse/there.txt",
                "//api/v1/files/admin/abuse/there.txt",
                "/api/v1/nodes/../files/admin/abuse/there.txt",
                "/api/v1/files/admin/../admin/abuse/there.txt",
                "/api/v1/files/admin/x/%2e%2e/abuse/there.txt",
                "/api/v1/files/admin/x/.%2E;y/abuse/there.txt",
                "/api/v1/files/admin/abuse%2fthere.txt",
                "/api/v1/files/admin%2fabuse/there.txt",
                "/api/v1/files/../../../../etc/passwd",
                "/api/v1/files/admin/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
                "/blobs/..%2f..%2fnode.json",
                "/blobs/../node.json",
                "/blobs/%2e%2e/node.json"
            })
    void noOtherWayOfWritingAPathLeadsAnywhere(String path) {
        http.put(cluster.api("files", "admin/abuse/there.txt"), NOTHING).expect(201);
        for (URI server : servers()) {
            for (String method : List.of("GET", "HEAD", "DELETE")) {
                String asked = method + " " + path + " at " + server;
                String answer = RawHttp.send(server, method + " " + path + " HTTP/1.1" + basic(), NOTHING);
                assertThat(RawHttp.status(answer)).as(asked).isBetween(400, 499);
                assertNothingInside(asked, answer);
            }
        }
        http.head(cluster.api("files", "admin/abuse/there.txt")).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%0Ab", "a%0D%0Ab", "%7F", "a%C2%85b", "%09", "a/%2E%2E/b", "a//b", "LONG", "DEEP"})
    void aNameThatCannotBeIsRefusedByWhateverTakesNames(String odd) {
        String name = switch (odd) {
            case "LONG" -> "n".repeat(256);
            // Longer than what a move of its folder once let through, which is still read, moved and removed.
            case "DEEP" -> "n/".repeat(2_200) + "n";
            default -> odd;
        };
        for (var way : List.of(
                List.of("PUT", "files"),
                List.of("GET", "files"),
                List.of("POST", "uploads"),
                List.of("PUT", "folders"),
                List.of("GET", "replicas"),
                List.of("GET", "access"),
                List.of("POST", "locks"),
                List.of("GET", "links"))) {
            URI uri = URI.create(cluster.api(way.get(1) + "/admin/") + name);
            assertProblem(http.send(way.get(0), uri, BodyPublishers.noBody()), 400, "invalid-name");
        }
        URI target =
                URI.create(cluster.api("files", "admin/abuse/absent") + "?move-to=admin%2F" + name.replace("%", "%25"));
        assertThat(http.post(target, "").status()).isBetween(400, 404);
    }

    /** The container would refuse these by itself: without a word, or with a page that has its name and version on it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a%00b",
                "a%5Cb",
                "a\\b",
                "%C0%AE%C0%AE",
                "%ED%A0%80",
                "%FF",
                "...",
                "../../../../../x",
                "%",
                "%zz",
                "%u0041",
                "100%.txt"
            })
    void whatCannotBeReadIsNoName(String name) {
        for (URI server : servers()) {
            for (String method : List.of("GET", "PUT")) {
                String head = method + " /api/v1/files/admin/" + name + " HTTP/1.1" + basic() + "\r\nContent-Length: 0";
                String answer = RawHttp.send(server, head, NOTHING);
                assertBadRequest(head, answer);
            }
        }
    }

    /** Two servers in a row may take either of two, or see one header where the other sees two. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: other.example",
                "X-Folded: first\r\n second",
                "X-Folded: first\r\n\tx",
                "X-Folded:\r\n second",
                "X-Folded: first\r\n \r\nX-Other: x"
            })
    void headersThatCanBeReadInTwoWaysAreRefused(String header) {
        for (URI server : servers()) {
            for (String asked : List.of("GET /health/live", "PUT /api/v1/files/admin/abuse/two-ways")) {
                String head = asked + " HTTP/1.1\r\n" + header + basic() + "\r\nContent-Length: 0";
                assertBadRequest(head, RawHttp.send(server, head, NOTHING));
            }
        }
        http.head(cluster.api("files", "admin/abuse/two-ways")).expect(404);
    }

    private static void assertBadRequest(String head, String answer) {
        assertThat(RawHttp.status(answer)).as(head + "\n" + answer).isEqualTo(400);
        assertThat(answer)
                .as(head)
                .containsOnlyOnce("HTTP/1.1 ")
                .contains("application/problem+json", "\"bad-request\"");
        assertNothingInside(head, answer);
    }

    @Test
    void oddNamesAreNamesLikeOthers() {
        List<String> names = List.of(
                "\u202Eexe.txt",
                "zero\u200Bwidth",
                "line\u2028separator",
                "\u00e4",
                "a\u0308",
                "\ud83d\ude00",
                "<script>alert(1)",
                "$(reboot) `id` ; rm -rf ~",
                "-rf",
                "'\" OR 1=1 --",
                "%2e%2e",
                "..;",
                "a ",
                "CON",
                "\u00fc".repeat(127));
        for (String name : names) {
            byte[] bytes = name.getBytes(UTF_8);
            http.put(cluster.api("files", "admin/odd/" + name), bytes, "Content-Type", "text/html")
                    .expect(201);
            var got = http.follow(cluster.api("files", "admin/odd/" + name)).expect(200);
            assertThat(got.bytes()).isEqualTo(bytes);
            assertThat(got.requireHeader("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(got.requireHeader("Content-Security-Policy")).contains("default-src 'none'");
        }
        var listed = http.get(cluster.api("folders", "admin/odd")).expect(200).json();
        assertThat(listed.getJsonArray("entries").stream()
                        .map(entry -> entry.asJsonObject().getString("name")))
                .containsExactlyInAnyOrderElementsOf(names);
        String table = http.get(cluster.api("folders", "admin/odd"), "Accept", "text/tab-separated-values")
                .expect(200)
                .text();
        assertThat(table.lines()).hasSize(1 + names.size());
    }

    @Test
    void nobodyWritesHeadersOfOurs() {
        http.put(cluster.api("files", "admin/abuse/header"), NOTHING).expect(201);
        String injected = "%0D%0AX-Evil:%201";
        for (var answer : List.of(
                http.post(URI.create(cluster.api("files", "admin/abuse/header") + "?move-to=admin%2Fb" + injected), ""),
                http.post(URI.create(cluster.api("uploads", "admin/abuse/header") + "?node=sn1" + injected), ""),
                http.get(URI.create(cluster.api("files", "admin/abuse/header") + "?node=sn1" + injected)),
                http.get(URI.create(cluster.api("folders", "admin") + "?after=" + injected)),
                http.get(URI.create(cluster.api("audit") + "?actor=" + injected)))) {
            assertThat(answer.status()).as(answer.text()).isIn(200, 307, 400, 404, 503);
            assertThat(answer.response().headers().map()).doesNotContainKey("X-Evil");
        }
    }

    @Test
    void nobodyWritesLinesOfOurLogs() throws IOException {
        String forged = "\nFORGED 2026-01-01 admin did it\r\nFORGED";
        // Of the address of all other tests so many were refused that further ones may only be counted.
        String eve = Base64.getEncoder().encodeToString(("eve" + forged + ":x").getBytes(UTF_8));
        for (URI server : List.of(cluster.url(), cluster.urlOf("sn1"))) {
            String head = "GET /api/v1/files/admin/x HTTP/1.1\r\nAuthorization: Basic " + eve;
            assertThat(RawHttp.status(RawHttp.sendFrom("127.0.0.66", server, head)))
                    .isEqualTo(401);
        }
        for (URI server : servers()) {
            String encoded = TestCluster.encode("x" + forged);
            http.put(server.resolve("/api/v1/files/admin/" + encoded), NOTHING).expect(400);
            assertThat(http.get(server.resolve("/" + encoded)).status()).isBetween(400, 404);
        }
        await().until(() ->
                !cluster.sql("SELECT 1 FROM audit_log WHERE actor LIKE 'eve%'").isEmpty());
        assertThat(cluster.sql("SELECT id FROM audit_log WHERE CONCAT(actor, object, COALESCE(detail, ''))"
                        + " REGEXP '[[:cntrl:]]'"))
                .isEmpty();
        try (Stream<Path> logs = Files.list(cluster.data().resolve("logs"))) {
            for (Path log : logs.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(log, java.nio.charset.StandardCharsets.ISO_8859_1)
                                .lines())
                        .as(log.toString())
                        .noneMatch(line -> line.startsWith("FORGED"));
            }
        }
    }

    @Test
    void aTicketMakesOneVersionOnce() {
        byte[] first = Bytes.random(1_000, 1);
        var asked = http.post(cluster.api("uploads", "admin/abuse/once"), "").expect(201);
        URI url = URI.create(asked.requireHeader("Location"));
        Http.anonymous().put(url, first).expect(201);
        Http.anonymous().put(url, first).expect(201);
        for (String node : List.of("sn1", "sn2", "sn3")) {
            URI there = cluster.urlOf(node).resolve(url.getRawPath() + "?" + url.getRawQuery());
            var again = Http.anonymous().put(there, Bytes.random(1_000, 2));
            if (there.getAuthority().equals(url.getAuthority())) {
                assertProblem(again, 409, "conflict");
            } else {
                // A ticket is for one node.
                assertProblem(again, 403, "ticket-invalid");
            }
            assertThat(http.follow(URI.create(cluster.api("files", "admin/abuse/once") + "?node=" + node))
                            .expect(200)
                            .bytes())
                    .isEqualTo(first);
        }
        Http.anonymous().get(url).expect(403);
    }

    @Test
    void whatADeletedAccountLeavesBehindOpensNothing() {
        Http dora = person("dora");
        String token = dora.post(cluster.api("session"), "").expect(201).json().getString("token");
        URI ticket = URI.create(dora.post(cluster.api("uploads", "dora/late.txt"), "")
                .expect(201)
                .requireHeader("Location"));
        // This one needs no lock, and would find a place beside whatever is there.
        URI rename =
                URI.create(dora.post(URI.create(cluster.api("uploads", "dora/late.txt") + "?on-conflict=rename"), "")
                        .expect(201)
                        .requireHeader("Location"));
        http.delete(cluster.api("users/dora")).expect(204);
        awaitRefused(Http.authorizedBy("Bearer " + token));
        awaitRefused(dora);
        assertThat(Http.anonymous().put(ticket, NOTHING).status()).isBetween(400, 499);
        assertThat(Http.anonymous().put(rename, NOTHING).status()).isBetween(400, 499);

        Http next = person("dora");
        next.get(cluster.api("namespaces")).expect(200);
        awaitRefused(Http.authorizedBy("Bearer " + token));
        assertThat(Http.anonymous().put(ticket, NOTHING).status()).isBetween(400, 499);
        assertThat(Http.anonymous().put(rename, NOTHING).status()).isBetween(400, 499);
        assertThat(next.get(cluster.api("folders/dora/")).expect(200).json().getJsonArray("entries"))
                .isEmpty();
        http.delete(cluster.api("users/dora")).expect(204);
    }

    private void awaitRefused(Http who) {
        await().atMost(Patience.promised(Duration.ofSeconds(2)))
                .untilAsserted(() -> who.get(cluster.api("namespaces")).expect(401));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "' OR '1'='1",
                "'; DROP TABLE audit_log; -- ",
                "\" UNION SELECT password_hash FROM account -- ",
                "\\' OR 1=1 #",
                "%",
                "_%",
                "x\\",
                "1) OR (1=1",
                "{fn now()}",
                ":name ?1 ${x}"
            })
    void metacharactersOfSqlAreCharacters(String text) {
        var before = cluster.sql("SELECT id, name, password_hash FROM account ORDER BY id");
        String word = TestCluster.encode(text);
        for (String path : List.of(
                "folders/admin?after=" + word,
                "folders/admin?limit=" + word,
                "tasks?node=" + word,
                "tasks?path=" + word,
                "tasks?namespace=" + word,
                "tasks?state=" + word,
                "tasks?after=" + word,
                "tasks/" + word,
                "events?node=" + word,
                "events?after=" + word,
                "audit?object=" + word,
                "audit?since=" + word,
                "users?after=" + word,
                "users/" + word,
                "users/" + word + "/usage",
                "users/" + word + "/files",
                "nodes/" + word,
                "nodes/" + word + "/samples",
                "nodes/" + word + "/checks",
                "nodes/sn1/samples?from=" + word,
                "scrubs/" + word,
                "namespaces/" + word,
                "namespaces/" + word + "/members",
                "files/admin/" + word,
                "files/" + word + "/x",
                "folders/admin/" + word,
                "versions/admin/" + word,
                "replicas/admin/" + word,
                "access/admin/" + word,
                "locks/admin/" + word,
                "links/admin/" + word,
                "shared/" + word)) {
            var answer = http.get(cluster.api(path));
            assertThat(answer.status()).as("%s: %s", path, answer.text()).isIn(200, 400, 404);
            assertNothingInside(path, answer.text());
        }
        for (String parameter : List.of("actor", "action", "component")) {
            assertThat(audit(parameter, word)).as(parameter).isEmpty();
        }
        // What was asked for above is recorded under this very text; the container lets no backslash through.
        if (!text.contains("\\")) {
            await().until(() -> !audit("object", word).isEmpty());
        }
        assertThat(audit("object", word)).allMatch(line -> line.contains("\t" + text));
        Http.signedInAs(text, text).get(cluster.api("nodes")).expect(401);
        assertThat(cluster.sql("SELECT id, name, password_hash FROM account ORDER BY id"))
                .isEqualTo(before);
    }

    /** The rows below the heading. */
    private List<String> audit(String parameter, String word) {
        URI uri = cluster.api("audit?limit=5&" + parameter + "=" + word);
        return http.get(uri, "Accept", "text/tab-separated-values")
                .expect(200)
                .text()
                .lines()
                .skip(1)
                .toList();
    }

    @Test
    void bodiesThatAreTrapsAreRefused() {
        URI users = cluster.api("users");
        for (String body : List.of(
                "{\"name\":" + "[".repeat(50_000),
                "{\"name\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
                "{\"a\":".repeat(50_000),
                "{\"name\":\"nora\",\"quotaBytes\":1" + "0".repeat(5_000) + "}",
                "{\"name\":\"nora\",\"quotaBytes\":1e1000000000}",
                "{\"name\":\"nora\",\"displayName\":\"\\ud800\"}",
                "{\"name\":\"nora\",\"role\":{}}",
                "{\"name\":\"nora\",\"__proto__\":{}}",
                "\u0000")) {
            assertProblem(json("POST", users, body), 400, "invalid-parameter");
        }
        assertProblem(json("POST", users, "{\"name\":\"" + "n".repeat(2_000_000) + "\"}"), 413, "too-large");
        String xml = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>";
        assertProblem(http.post(users, xml, "Content-Type", "application/xml"), 415, "unsupported-media-type");
        http.get(cluster.api("users/nora")).expect(404);
    }

    @Test
    void pagesOfOtherSitesChangeNothing() {
        URI move = URI.create(cluster.api("files", "admin/abuse/stays") + "?move-to=admin/abuse/gone");
        http.put(cluster.api("files", "admin/abuse/stays"), NOTHING).expect(201);
        assertProblem(http.post(move, "", "Sec-Fetch-Site", "cross-site"), 403, "foreign-page");
        assertProblem(http.post(move, "", "Origin", "https://evil.example"), 403, "foreign-page");
        assertProblem(http.post(cluster.api("session"), "", "Sec-Fetch-Site", "same-site"), 403, "foreign-page");
        http.head(cluster.api("files", "admin/abuse/stays")).expect(200);
        for (URI server : servers()) {
            var asked = http.send(
                    "OPTIONS",
                    server.resolve("/api/v1/files/admin/abuse/stays"),
                    BodyPublishers.noBody(),
                    "Origin",
                    "https://evil.example",
                    "Access-Control-Request-Method",
                    "PUT");
            assertThat(asked.response().headers().map().keySet())
                    .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control-"));
        }
        for (String resource : List.of("nodes", "users", "session", "folders/admin")) {
            assertProblem(
                    http.send("OPTIONS", cluster.api(resource), BodyPublishers.noBody()), 405, "method-not-allowed");
        }
        URI own = cluster.url();
        http.post(move, "", "Sec-Fetch-Site", "same-origin", "Origin", own.getScheme() + "://" + own.getAuthority())
                .expect(200);
    }

    @Test
    void nobodyIsShownTheirOwnCredentials() {
        for (URI server : servers()) {
            for (String path : List.of("/", "/api/v1/nodes", "/api/v1/files/admin/x", "/nothing")) {
                String answer = RawHttp.send(server, "TRACE " + path + " HTTP/1.1" + basic(), NOTHING);
                assertThat(RawHttp.status(answer)).as(answer).isBetween(400, 501);
                assertThat(answer).doesNotContain(basic().strip());
            }
        }
    }

    @Test
    void anUploadThatIsBrokenOffLeavesNothing() {
        http.put(cluster.api("files", "admin/abuse/whole"), Bytes.random(100, 3))
                .expect(201);
        for (URI server : servers()) {
            String head = "PUT /api/v1/files/admin/abuse/whole HTTP/1.1" + basic() + "\r\nContent-Length: 100000";
            RawHttp.abandon(server, head, Bytes.random(10, 4));
        }
        // The name is free again as soon as the servers have seen that nobody is there.
        await().until(() -> http.put(cluster.api("files", "admin/abuse/whole"), Bytes.random(100, 5))
                        .status()
                == 201);
        assertThat(http.head(cluster.api("files", "admin/abuse/whole")).requireHeader("Holdfast-Version"))
                .isEqualTo("2");
    }
}
