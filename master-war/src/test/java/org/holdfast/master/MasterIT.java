package org.holdfast.master;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.CommitRequest;
import org.holdfast.contract.DigestAlgorithm;
import org.holdfast.contract.Digests;
import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.Landing;
import org.holdfast.contract.NodeReport;
import org.holdfast.contract.SignedCall;
import org.holdfast.master.cluster.FakeNode;
import org.holdfast.master.cluster.TestNodes;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The real WAR on a real Payara Micro, with a real database and a real broker. */
@ExtendWith({Surroundings.class, ArquillianExtension.class})
@RunAsClient
class MasterIT {
    private static final String ADMIN = basic("admin", Surroundings.ADMIN_PASSWORD);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ClusterCall calls = new ClusterCall(
            new SignedCall(
                    "sn1",
                    Surroundings.KEYS.ofNode("sn1", TestNodes.disk("sn1")).callsToMasters(),
                    Clock.systemUTC()),
            Duration.ofSeconds(5));

    @ArquillianResource
    @SuppressWarnings("NullAway.Init")
    private URL base;

    @Deployment(testable = false)
    public static WebArchive master() {
        return ShrinkWrap.createFromZipFile(WebArchive.class, new File(System.getProperty("holdfast.war", "")))
                .addAsWebInfResource(
                        new StringAsset("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE glassfish-web-app PUBLIC"
                                + " \"-//GlassFish.org//DTD GlassFish Application Server 3.1 Servlet 3.0//EN\""
                                + " \"http://glassfish.org/dtds/glassfish-web-app_3_0-1.dtd\">\n"
                                + "<glassfish-web-app><context-root>/</context-root></glassfish-web-app>"),
                        "glassfish-web.xml");
    }

    @BeforeEach
    void waitUntilReady() {
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> get("/health/ready").statusCode() == 200
                        && get("/api/v1/namespaces").statusCode() == 401);
    }

    private static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + base.getPort() + pathAndQuery);
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri(path))
                .timeout(PATIENCE)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        return http.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.body()).contains("\"status\":" + status, "\"code\":\"" + code + "\"");
    }

    @Test
    void theBootMakesTheSchemaTheAdministratorAndItsNamespace() throws Exception {
        assertThat(Surroundings.database().run("SELECT name, role FROM account WHERE name = 'admin'"))
                .containsExactly(Map.of("name", "admin", "role", "ADMINISTRATOR"));
        var namespaces = get("/api/v1/namespaces", "Authorization", ADMIN);
        assertThat(namespaces.statusCode()).isEqualTo(200);
        assertThat(namespaces.body()).contains("\"name\":\"admin\"", "\"replicas\":2");
    }

    @Test
    void healthTellsOfDatabaseBrokerAndNodes() throws Exception {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get("/health/ready").body().replaceAll("\\s", ""))
                        .contains("\"brokerConnected\":\"true\""));
        var ready = get("/health/ready");
        assertThat(ready.body()).contains("\"name\":\"database\"", "\"name\":\"cluster\"", "\"status\":\"UP\"");
        assertThat(get("/health/live").body()).contains("\"name\":\"master\"");
        assertThat(get("/metrics").body()).contains("holdfast_broker_connected");
    }

    @Test
    void theApiDescribesItself() throws Exception {
        var openapi = get("/openapi", "Accept", "application/json");
        assertThat(openapi.statusCode()).isEqualTo(200);
        assertThat(openapi.body()).contains("Holdfast", "/api/v1/namespaces", "/api/v1/tasks/{id}/retry");
    }

    @Test
    void whoDidNotSignInIsAskedTo() throws Exception {
        for (String path : new String[] {
            "/api/v1/namespaces", "/api/v1/nodes", "/api/v1/tasks", "/api/v1/folders/admin/", "/api/v1/files/admin/x"
        }) {
            for (var answer : new HttpResponse<?>[] {
                get(path), get(path, "Authorization", basic("admin", "guess")), get(path, "Authorization", "Bearer x")
            }) {
                assertThat(answer.statusCode()).as(path).isEqualTo(401);
                assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
                        .startsWith("Basic realm=\"Holdfast\"");
            }
            assertProblem(get(path), 401, "sign-in-required");
        }
        assertProblem(send("POST", "/api/v1/nodes", "{}"), 401, "cluster-signature-required");
        assertProblem(
                send("POST", "/internal/v1/commits", "{}", "Authorization", ADMIN), 401, "cluster-signature-required");
    }

    @Test
    void usersDontAdminister() throws Exception {
        String body = "{\"name\":\"ute\",\"password\":\"a password of hers\",\"mustSetPassword\":false}";
        var made = send("POST", "/api/v1/users", body, "Authorization", ADMIN, "Content-Type", "application/json");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        String ute = basic("ute", "a password of hers");
        assertThat(get("/api/v1/namespaces", "Authorization", ute).statusCode()).isEqualTo(200);
        assertProblem(get("/api/v1/tasks", "Authorization", ute), 403, "forbidden");
        assertProblem(get("/api/v1/folders/admin/", "Authorization", ute), 404, "not-found");
        assertProblem(get("/api/v1/files/admin/x", "Authorization", ute), 404, "not-found");
        assertThat(get("/api/v1/tasks", "Authorization", ADMIN).statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsChangedIsInTheAuditLogBeforeItIsAnswered() throws Exception {
        String body = "{\"name\":\"audrey\",\"password\":\"a password of hers\"}";
        var made = send("POST", "/api/v1/users", body, "Authorization", ADMIN, "Content-Type", "application/json");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(Surroundings.database()
                        .run("SELECT component, actor, via, object, detail, status FROM audit_log"
                                + " WHERE action = 'users.create' AND object = 'audrey'"))
                .containsExactly(Map.of(
                        "component", "m1",
                        "actor", "admin",
                        "via", "PASSWORD",
                        "object", "audrey",
                        "detail", "name=audrey",
                        "status", "201"));
        assertProblem(get("/api/v1/users", "Authorization", basic("audrey", "guess")), 401, "sign-in-required");
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            var csv = get("/api/v1/audit?actor=audrey", "Authorization", ADMIN, "Accept", "text/csv");
            assertThat(csv.body())
                    .startsWith("id,at,component,actor,via,address,action,status,")
                    .contains(",m1,audrey,password,", ",users.get,401,sign-in-required,");
        });
    }

    @Test
    void aSessionLastsUntilItIsClosed() throws Exception {
        var opened = send("POST", "/api/v1/session", "", "Authorization", ADMIN);
        assertThat(opened.statusCode()).isEqualTo(201);
        String bearer = "Bearer " + opened.body().replaceAll(".*\"token\":\"([^\"]*)\".*", "$1");
        assertThat(get("/api/v1/nodes", "Authorization", bearer).statusCode()).isEqualTo(200);
        assertThat(send("DELETE", "/api/v1/session", "", "Authorization", bearer)
                        .statusCode())
                .isEqualTo(204);
        assertProblem(get("/api/v1/nodes", "Authorization", bearer), 401, "sign-in-required");
    }

    @Test
    void everyErrorIsAProblemOnBothSides() throws Exception {
        // JAX-RS
        assertProblem(get("/api/v1/folders/admin/none", "Authorization", ADMIN), 404, "not-found");
        assertProblem(get("/api/v1/folders/admin/?limit=0", "Authorization", ADMIN), 400, "invalid-parameter");
        assertProblem(get("/api/v1/nothing", "Authorization", ADMIN), 404, "not-found");
        assertProblem(send("PUT", "/api/v1/nodes", "{}", "Authorization", ADMIN), 405, "method-not-allowed");
        assertProblem(
                send(
                        "POST",
                        "/api/v1/namespaces",
                        "no json",
                        "Authorization",
                        ADMIN,
                        "Content-Type",
                        "application/json"),
                400,
                "invalid-parameter");
        // Servlets
        assertProblem(get("/api/v1/files/admin/none", "Authorization", ADMIN), 404, "not-found");
        assertProblem(get("/api/v1/files/admin/a%2Fb", "Authorization", ADMIN), 400, "invalid-name");
        assertProblem(get("/api/v1/uploads/admin/a", "Authorization", ADMIN), 405, "method-not-allowed");
        // Neither
        assertProblem(get("/nothing/here"), 404, "not-found");
    }

    @Test
    void listingsAreJsonTablesOrTabSeparated() throws Exception {
        assertThat(get("/api/v1/namespaces", "Authorization", ADMIN, "Accept", "text/plain")
                        .body())
                .startsWith("NAME");
        var tsv = get("/api/v1/namespaces", "Authorization", ADMIN, "Accept", "text/tab-separated-values");
        assertThat(tsv.headers().firstValue("Content-Type").orElse("")).contains("charset=UTF-8");
        assertThat(tsv.body())
                .startsWith("name\towner\treplicas\tplacement\tdurability\tversionsKept\t")
                .contains("admin\tadmin\t2\trandom\t1\t10\t");
    }

    @Test
    void aFileIsPutFoundMovedAndRemoved() throws Exception {
        try (var node = new FakeNode("sn1")) {
            join(node);
            String path = "/admin/dir/a%20%C3%BC.txt";
            var upload =
                    send("POST", "/api/v1/uploads" + path + "?size=3&on-conflict=fail", "", "Authorization", ADMIN);
            assertThat(upload.statusCode()).as(upload.body()).isEqualTo(201);
            String location = upload.headers().firstValue("Location").orElseThrow();
            assertThat(location).startsWith(node.url() + "/blobs/");
            assertThat(commit(location).status()).isEqualTo(201);
            assertThat(commit(location).status()).as("idempotent").isEqualTo(201);

            var head = send("HEAD", "/api/v1/files" + path, "", "Authorization", ADMIN);
            assertThat(head.headers().firstValue("Content-Length")).contains("3");
            var read = get("/api/v1/files" + path, "Authorization", ADMIN);
            assertThat(read.statusCode()).isEqualTo(307);
            assertThat(read.headers().firstValue("Location").orElse("")).startsWith(node.url() + "/blobs/");
            assertThat(read.headers().firstValue("ETag")).contains("\"" + "22".repeat(32) + "\"");
            assertProblem(
                    send("POST", "/api/v1/uploads" + path + "?on-conflict=fail", "", "Authorization", ADMIN),
                    409,
                    "conflict");
            assertThat(get("/api/v1/folders/admin/dir", "Authorization", ADMIN).body())
                    .contains("\"name\":\"a \u00fc.txt\"", "\"version\":1");
            assertThat(get("/api/v1/replicas" + path, "Authorization", ADMIN).body())
                    .contains("\"node\":\"sn1\"", "\"role\":\"origin\"", "\"state\":\"verified\"");
            var moved = send("POST", "/api/v1/files" + path + "?move-to=admin%2Fb", "", "Authorization", ADMIN);
            assertThat(moved.statusCode()).as(moved.body()).isEqualTo(200);
            assertThat(send("DELETE", "/api/v1/files/admin/b", "", "Authorization", ADMIN)
                            .statusCode())
                    .isEqualTo(204);
            assertProblem(get("/api/v1/files/admin/b", "Authorization", ADMIN), 404, "not-found");
        }
    }

    private void join(FakeNode node) throws Exception {
        var report = TestNodes.report("sn1", TestNodes.disk("sn1"), new NodeReport.Room(1_000, 0, 1_000));
        String request = new JoinRequest(node.url(), node.url(), "z", "h", report)
                .toJson()
                .toString();
        var joined = send(
                "POST",
                "/api/v1/nodes",
                request,
                "Authorization",
                "Bearer " + Surroundings.JOIN_TOKEN,
                "Content-Type",
                "application/json");
        assertThat(joined.statusCode()).as(joined.body()).isEqualTo(201);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() ->
                        get("/api/v1/nodes/sn1", "Authorization", ADMIN).body().contains("\"status\":\"running\""));
    }

    private ClusterCall.Answer commit(String location) throws IOException {
        String blob = location.replaceAll(".*/blobs/([^?]*)\\?ticket=.*", "$1");
        String ticket = location.replaceAll(".*\\?ticket=", "");
        var digests =
                new Digests(Map.of(DigestAlgorithm.MD5, "11".repeat(16), DigestAlgorithm.SHA_256, "22".repeat(32)));
        JsonObject request =
                new CommitRequest(ticket, new Landing("sn1", new BlobFacts(new BlobId(blob), 3, digests))).toJson();
        return calls.send("POST", uri("/internal/v1/commits"), Optional.of(request), PATIENCE);
    }
}
