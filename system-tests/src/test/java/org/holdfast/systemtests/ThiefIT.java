package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.holdfast.systemtests.RefusalsIT.assertProblem;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A thief has the whole data directory of the node sn2, its certificate included; then that of a worker; then the join
 * token. What opens is what that member had, and nothing else. ADR 0044 tells why.
 */
@Order(46)
@SharedCluster.Of
class ThiefIT {
    private static final byte[] NOTHING = {};
    private static final String STOLEN = "sn2";
    private static final String TASK = "01KJMZ2M00ABCDEFGHJKMNPQRS";

    private final TestCluster cluster;

    ThiefIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    private Http as(String member, String authorization) {
        return Http.authorizedBy(authorization).within(Trust.context(cluster.identities(), member));
    }

    /** A signed call of the stolen node's, with its certificate. */
    private Http.Answer ask(String path, JsonObject body) {
        String text = body.toString();
        String header =
                Tickets.ofThief(cluster, STOLEN).callToMaster("POST", path, text.getBytes(UTF_8), Instant.now());
        return as(STOLEN, header).post(cluster.url().resolve(path), text);
    }

    private JsonObject uploadAt(String node, String path) {
        var answer = cluster.http()
                .post(URI.create(cluster.api("uploads", path) + "?size=3&node=" + node), "")
                .expect(201);
        return answer.json();
    }

    private static String ticket(String url) {
        return url.substring(url.indexOf("ticket=") + "ticket=".length());
    }

    @Test
    void aNodesKeySealsNoSessionAndNoLink() {
        String claims = Json.createObjectBuilder()
                .add("sid", "01KJMZ2M00ABCDEFGHJKMNPQRS")
                .add("acc", 1)
                .add("name", "admin")
                .add("role", "ADMINISTRATOR")
                .add("epoch", 0)
                .add("exp", Instant.now().plusSeconds(600).toEpochMilli())
                .build()
                .toString();
        for (String sealed : Tickets.ofThief(cluster, STOLEN).asWhateverElse(claims)) {
            Http.authorizedBy("Bearer " + sealed).get(cluster.api("users")).expect(401);
        }
        for (String sealed : Tickets.ofThief(cluster, STOLEN).asWhateverElse("01KJMZ2M00ABCDEFGHJKMNPQRS")) {
            Http.anonymous().get(cluster.api("shared/" + sealed)).expect(404);
            Http.anonymous().get(cluster.api("password-links/" + sealed)).expect(404);
        }
    }

    @Test
    void aNodesKeyOpensNoOtherNode() {
        byte[] body = Bytes.random(1000, 16);
        cluster.http()
                .put(URI.create(cluster.api("files", "admin/thief/there") + "?node=sn1"), body)
                .expect(201);
        Copies.awaitAll(cluster, "admin/thief/there");
        String location = cluster.http()
                .get(URI.create(cluster.api("files", "admin/thief/there") + "?node=sn1"))
                .expect(307)
                .requireHeader("Location");
        JsonObject claims = Tickets.claims(ticket(location));
        String blob = "/blobs/" + claims.getJsonObject("blob").getString("id");
        var thief = Tickets.ofThief(cluster, STOLEN);
        String forged = "?ticket=" + thief.sealed(claims);
        // Its own bytes are the thief's.
        assertThat(Http.anonymous()
                        .get(cluster.urlOf(STOLEN).resolve(blob + forged))
                        .expect(200)
                        .bytes())
                .isEqualTo(body);
        URI other = cluster.urlOf("sn1");
        assertProblem(Http.anonymous().get(other.resolve(blob + forged)).expect(403), "ticket-invalid");
        String removal = thief.sealed(Json.createObjectBuilder(claims)
                .add("op", "DELETE")
                .remove("reader")
                .build());
        URI internal = other.resolve("/internal/v1" + blob);
        assertProblem(
                Http.anonymous()
                        .delete(URI.create(internal + "?ticket=" + removal))
                        .expect(403),
                "ticket-invalid");
        for (Tickets signer : List.of(thief, thief.as("sn1"))) {
            String header = signer.callOfMaster("DELETE", internal.getPath(), NOTHING, Instant.now());
            assertProblem(as(STOLEN, header).delete(internal).expect(401), "cluster-signature-required");
        }
        String write = thief.sealedUpload(
                Tickets.claims(ticket(uploadAt(STOLEN, "admin/thief/new").getString("url"))));
        String fresh = "/blobs/" + Tickets.claims(write).getJsonObject("blob").getString("id");
        assertProblem(
                Http.anonymous()
                        .put(other.resolve(fresh + "?ticket=" + write), "abc".getBytes(US_ASCII))
                        .expect(403),
                "ticket-invalid");
        assertThat(Http.anonymous().follow(URI.create(location)).expect(200).bytes())
                .isEqualTo(body);
    }

    @Test
    void aNodeCommitsNothingThatMastersHaveNotAskedItFor() {
        String commits = "/internal/v1/commits";
        JsonObject upload = uploadAt(STOLEN, "admin/thief/phantom");
        String genuine = ticket(upload.getString("url"));
        JsonObject claims = Tickets.claims(genuine);
        String id = claims.getJsonObject("blob").getString("id");
        // A name of somebody else's, with a ticket that the thief makes itself.
        var elsewhere =
                Json.createObjectBuilder(claims).add("path", "thief/forged").build();
        String forged = Tickets.ofThief(cluster, STOLEN).sealedUpload(elsewhere);
        assertProblem(ask(commits, commit(forged, id, STOLEN)).expect(403), "ticket-invalid");
        // A genuine one for another node, and a genuine one with another node's word.
        String others = ticket(uploadAt("sn1", "admin/thief/of-another").getString("url"));
        String othersId = Tickets.claims(others).getJsonObject("blob").getString("id");
        assertProblem(ask(commits, commit(others, othersId, STOLEN)).expect(403), "ticket-invalid");
        assertProblem(ask(commits, commit(genuine, id, "sn1")).expect(403), "not-yours");
        assertProblem(ask(commits, commit(genuine, id, STOLEN, "sn1")).expect(403), "not-yours");
        cluster.http().head(cluster.api("files", "admin/thief/phantom")).expect(404);
        cluster.http().head(cluster.api("files", "admin/thief/forged")).expect(404);
    }

    private static JsonObject commit(String ticket, String blob, String... nodes) {
        byte[] bytes = "abc".getBytes(US_ASCII);
        return Json.createObjectBuilder()
                .add("ticket", ticket)
                .add(
                        "landing",
                        Json.createObjectBuilder()
                                .add("nodes", Json.createArrayBuilder(List.of(nodes)))
                                .add(
                                        "blob",
                                        Json.createObjectBuilder()
                                                .add("id", blob)
                                                .add("size", 3)
                                                .add(
                                                        "digests",
                                                        Json.createObjectBuilder()
                                                                .add("md5", "900150983cd24fb0d6963f7d28e17f72")
                                                                .add("sha-256", Bytes.sha256(bytes)))))
                .build();
    }

    @Test
    void aNodeSpeaksForItselfAlone() {
        String known = "/internal/v1/commits/known";
        ask(known, question(STOLEN)).expect(200);
        assertProblem(ask(known, question("sn1")).expect(403), "not-yours");
        var lock = Json.createObjectBuilder().add("token", 1).add("proof", "guess");
        assertProblem(
                ask(
                                "/internal/v1/locks",
                                Json.createObjectBuilder()
                                        .add("renew", Json.createArrayBuilder().add(lock))
                                        .add("release", Json.createArrayBuilder())
                                        .build())
                        .expect(403),
                "not-yours");
        ask("/internal/v1/audit", records(STOLEN)).expect(204);
        for (String component : List.of("m1", "sn1")) {
            assertProblem(ask("/internal/v1/audit", records(component)).expect(403), "not-yours");
        }
        // Nor does it sign in another one's name, or show another one's certificate.
        String body = "{}";
        var thief = Tickets.ofThief(cluster, STOLEN);
        String header = thief.as("sn1").callToMaster("POST", known, body.getBytes(UTF_8), Instant.now());
        assertProblem(
                as(STOLEN, header).post(cluster.url().resolve(known), body).expect(403), "certificate-name");
        String own = thief.callToMaster("POST", known, body.getBytes(UTF_8), Instant.now());
        assertProblem(as("sn1", own).post(cluster.url().resolve(known), body).expect(403), "certificate-name");
    }

    private static JsonObject question(String node) {
        return Json.createObjectBuilder()
                .add("node", node)
                .add("blobs", Json.createArrayBuilder())
                .build();
    }

    private static JsonObject records(String component) {
        var record = Json.createObjectBuilder()
                .add("id", "01KJMZ2M00ABCDEFGHJKMNPQ" + (component.hashCode() & 7) + (component.length() % 9))
                .add("at", Instant.now().toString())
                .add("component", component)
                .add("actor", "admin")
                .add("via", "TICKET")
                .add("address", "192.0.2.1")
                .add("action", "blobs.get")
                .add("object", "admin/thief")
                .add("status", 200)
                .add("millis", 1);
        return Json.createObjectBuilder()
                .add("records", Json.createArrayBuilder().add(record))
                .build();
    }

    @Test
    void aWorkerHasNoKeyAndItsCertificateOpensNothing() {
        var worker = Http.anonymous().within(Trust.context(cluster.identities(), "worker1"));
        URI node = cluster.urlOf("sn1");
        worker.get(node.resolve("/internal/v1/peers")).expect(401);
        worker.get(node.resolve("/internal/v1/inventory?limit=1")).expect(401);
        worker.delete(node.resolve("/internal/v1/blobs/01KJMZ2M00ABCDEFGHJKMNPQRS"))
                .expect(401);
        worker.get(node.resolve("/blobs/01KJMZ2M00ABCDEFGHJKMNPQRS")).expect(403);
        worker.post(cluster.url().resolve("/internal/v1/commits"), "{}").expect(401);
        worker.get(cluster.url().resolve("/internal/v1/changes?after=0")).expect(401);
        worker.post(cluster.api("session"), "").expect(401);
        // What masters have given to it is good with its certificate alone: a thief of a message has nothing.
        URI copy = forWorkers("admin/thief/queued");
        assertProblem(Http.anonymous().get(copy).expect(401), "certificate-required");
        assertProblem(
                Http.anonymous()
                        .within(Trust.context(cluster.identities(), STOLEN))
                        .get(copy)
                        .expect(403),
                "certificate-role");
        worker.get(copy).expect(200);
        // Nor is there a secret in what it is started with, but the broker's password and the key of its certificate.
        String words = String.join(
                " ", TestCluster.commandWords(cluster.component("worker1").pid()));
        assertThat(words).contains("broker.password").doesNotContain("master.key", "join.token", "cluster.key");
    }

    /** With them a master knows what was done; {@code CollectTest} tells how it takes what comes without. */
    @Test
    void aWorkersTicketBringsAReceiptForWhatItsNodeHasDoneAndNothingElse() {
        assertThat(receipt("OPTIONS", "/blobs/", "REPLICATE", "")).as("a no").isEmpty();
        assertThat(receipt("HEAD", "/blobs/", "REPLICATE", "")).as("not here").isEmpty();
        assertThat(receipt("PUT", "/blobs/", "REPLICATE", "")).contains(said("HERE"));
        assertThat(receipt("HEAD", "/blobs/", "REPLICATE", "")).contains(said("HERE"));
        assertThat(receipt("POST", "/verify", "VERIFY", "")).contains(said("HERE"));
        assertThat(receipt("OPTIONS", "/blobs/", "VERIFY", "")).isEmpty();
        assertThat(receipt("DELETE", "", "DELETE", "&stage=uncommitted"))
                .as("it stays")
                .isEmpty();
        assertThat(receipt("DELETE", "", "DELETE", "")).contains(said("GONE"));
        assertThat(receipt("POST", "/verify", "VERIFY", "")).contains(said("GONE"));
    }

    private String said(String fact) {
        return Tickets.of(cluster, "sn1").receipt(TASK, 3, fact);
    }

    private Optional<String> receipt(String method, String where, String operation, String query) {
        byte[] bytes = "abc".getBytes(US_ASCII);
        String blob = "01KJMZ2M00TH1EFTH1EFTH1EFT";
        String ticket = Tickets.of(cluster, "sn1")
                .sealed(Json.createObjectBuilder(commit("", blob).getJsonObject("landing"))
                        .remove("nodes")
                        .add("op", operation)
                        .add("ns", "admin")
                        .add("path", "thief/none")
                        .add("type", "text/plain")
                        .add("exp", Instant.now().plusSeconds(3600).toEpochMilli())
                        .add("task", TASK)
                        .add("attempt", 3)
                        .build());
        String path = where.equals("/blobs/") ? where + blob : "/internal/v1/blobs/" + blob + where;
        var body = method.equals("PUT") ? BodyPublishers.ofByteArray(bytes) : BodyPublishers.noBody();
        return Http.anonymous()
                .within(Trust.context(cluster.identities(), "worker1"))
                .send(method, cluster.urlOf("sn1").resolve(path + "?ticket=" + ticket + query), body)
                .header("Holdfast-Receipt");
    }

    /** What a task to copy the file from sn1 has in it, for an hour. */
    private URI forWorkers(String path) {
        cluster.http()
                .put(URI.create(cluster.api("files", path) + "?node=sn1"), "abc".getBytes(US_ASCII))
                .expect(201);
        String location = cluster.http()
                .get(URI.create(cluster.api("files", path) + "?node=sn1"))
                .expect(307)
                .requireHeader("Location");
        JsonObject claims = Json.createObjectBuilder(Tickets.expiring(
                        Tickets.claims(ticket(location)), Instant.now().plusSeconds(3600)))
                .add("op", "COPY")
                .remove("reader")
                .build();
        String blob = claims.getJsonObject("blob").getString("id");
        return cluster.urlOf("sn1")
                .resolve("/blobs/" + blob + "?ticket="
                        + Tickets.of(cluster, "sn1").sealed(claims));
    }

    /** Readiness of a worker is that it is connected to the broker. */
    private int readinessOfWorker() {
        URI address = URI.create(cluster.component("worker1").address());
        return Http.anonymous().get(address.resolve("/health/ready")).status();
    }

    @Tag("slow")
    @Test
    void removingAWorkerTakesEverythingFromItsThief() {
        URI copy = forWorkers("admin/thief/copied");
        var thief = Http.anonymous().within(Trust.context(cluster.identities(), "worker1"));
        thief.get(copy).expect(200);
        assertThat(readinessOfWorker()).isEqualTo(200);
        assertThat(cluster.holdfast("worker", "remove", "worker1")).contains("worker1 is removed");
        await().atMost(Patience.promised(Duration.ofSeconds(2)))
                .until(() -> thief.get(copy).status() == 403
                        && thief.get(cluster.api("cluster")).status() == 403
                        && readinessOfWorker() == 503);
        assertProblem(thief.get(copy), "certificate-removed");
        assertProblem(thief.get(cluster.api("cluster")), "certificate-removed");
        cluster.setup("certificates", "renew", "worker1").run().ok();
        cluster.node("stop", "worker1");
        cluster.node("start", "worker1");
        await().atMost(Patience.SOON).until(() -> readinessOfWorker() == 200);
        Copies.awaitAll(cluster, "admin/thief/copied");
        Http.anonymous()
                .within(Trust.context(cluster.identities(), "worker1"))
                .get(copy)
                .expect(200);
        thief.get(copy).expect(403);
    }

    private Http joiner(String member) throws java.io.IOException {
        Path token = cluster.data().resolve("secrets/join.token");
        return as(member, "Bearer " + Files.readString(token).strip());
    }

    private static String joining(String name, String disk, String url) {
        JsonObjectBuilder report = Json.createObjectBuilder()
                .add("name", name)
                .add("diskUuid", disk)
                .add("bootId", "00000000-0000-4000-8000-000000000078")
                .add("appliedSeq", 0)
                .add("capacityBytes", 1)
                .add("usedBytes", 0)
                .add("freeBytes", 1)
                .add("diskCheckedMillisAgo", 0);
        return Json.createObjectBuilder()
                .add("url", url)
                .add("publicUrl", url)
                .add("zone", "default")
                .add("host", "nowhere")
                .add("report", report)
                .build()
                .toString();
    }

    @Test
    void theJoinTokenTakesNoNodesPlace() throws Exception {
        String[] json = {"Content-Type", "application/json"};
        String url = "https://127.0.0.1:1";
        String token =
                Files.readString(cluster.data().resolve("secrets/join.token")).strip();
        String disk = Tickets.diskOf(cluster, "sn1");
        assertProblem(
                Http.authorizedBy("Bearer " + token)
                        .post(cluster.api("nodes"), joining("sn1", disk, url), json)
                        .expect(401),
                "certificate-required");
        assertProblem(
                joiner(STOLEN)
                        .post(cluster.api("nodes"), joining("sn1", disk, url), json)
                        .expect(403),
                "certificate-name");
        // Not even the right certificate moves a node that answers.
        assertProblem(
                joiner("sn1")
                        .post(cluster.api("nodes"), joining("sn1", disk, url), json)
                        .expect(409),
                "node-answers");
        // And nothing but the node's own key announces it.
        String body = joining("sn1", disk, url);
        String header = Tickets.ofThief(cluster, STOLEN)
                .callToMaster("POST", "/api/v1/nodes", body.getBytes(UTF_8), Instant.now());
        assertProblem(as(STOLEN, header).post(cluster.api("nodes"), body, json).expect(403), "certificate-name");
        assertThat(cluster.holdfast("node", "sn1")).doesNotContain("127.0.0.1:1 ");
    }

    @Tag("slow")
    @Test
    void removingANodeTakesEverythingFromItsThief() throws Exception {
        cluster.node("start", "sn8");
        cluster.awaitStatus("sn8", "running");
        var thief = Tickets.ofThief(cluster, "sn8");
        String disk = Tickets.diskOf(cluster, "sn8");
        String path = "/internal/v1/changes?after=0&limit=1";
        URI changes = cluster.url().resolve(path);
        as("sn8", thief.callToMaster("GET", path, NOTHING, Instant.now()))
                .get(changes)
                .expect(200);
        cluster.holdfast("node", "offline", "sn8");
        cluster.holdfast("node", "remove", "sn8", "--force");
        await().atMost(Duration.ofSeconds(2))
                .until(() -> as("sn8", thief.callToMaster("GET", path, NOTHING, Instant.now()))
                                .get(changes)
                                .status()
                        == 403);
        String[] json = {"Content-Type", "application/json"};
        for (String other : List.of(disk, "00000000-0000-4000-8000-000000000055")) {
            for (URI at : List.of(cluster.api("nodes"), cluster.urlOf("sn1").resolve("/api/v1/nodes"))) {
                assertProblem(
                        joiner("sn8")
                                .post(at, joining("sn8", other, "https://127.0.0.1:1"), json)
                                .expect(403),
                        "certificate-removed");
            }
        }
        cluster.node("stop", "sn8");
        assertThat(cluster.setup("node", "start", "sn8").run().expect(1).err())
                .contains("sn8 was removed from the cluster");
        assertThat(cluster.status()).as("not started any more").doesNotContainKey("sn8");
    }
}
