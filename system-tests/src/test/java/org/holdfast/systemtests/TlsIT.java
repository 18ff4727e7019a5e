package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who talks to whom, and how: nothing in the clear, nobody without the right certificate. */
@Order(15)
@SharedCluster.Of
class TlsIT {
    private static final byte[] NOTHING = {};

    private final TestCluster cluster;

    @TempDir
    Path folder;

    TlsIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void nothingIsAnsweredInTheClear() {
        for (String name : List.of("m1", "sn1")) {
            URI address = cluster.urlOf(name);
            assertThat(address.getScheme()).as(name).isEqualTo("https");
            URI plain = URI.create(address.toString().replace("https:", "http:"));
            assertThat(RawHttp.send(plain, "GET /health/ready HTTP/1.1", NOTHING))
                    .as(name)
                    .doesNotContain("HTTP/1.");
        }
    }

    @Test
    void oldTlsIsRefused() {
        for (String name : List.of("m1", "sn1")) {
            assertThat(ClientHello.tls11().isWelcomedBy(cluster.urlOf(name)))
                    .as("TLS 1.1 at " + name)
                    .isFalse();
            assertThat(ClientHello.tls12().isWelcomedBy(cluster.urlOf(name)))
                    .as("TLS 1.2 at " + name)
                    .isTrue();
        }
    }

    @Test
    void aClientRefusesServersOfAnAuthorityThatItDoesNotKnow() {
        Path other = otherCluster();
        Http suspicious = Http.anonymous().within(Trust.only(other.resolve("ca.pem")));
        assertThatThrownBy(() -> suspicious.get(cluster.api("cluster")))
                .hasRootCauseInstanceOf(Exception.class)
                .cause()
                .isInstanceOf(SSLHandshakeException.class);
        var script = cluster.client("nodes")
                .with(Map.of("HOLDFAST_CACERT", other.resolve("ca.pem").toString()))
                .run()
                .expect(1);
        assertThat(script.err()).hasLineCount(1).contains("not trusted", "HOLDFAST_CACERT");
    }

    @Test
    void membersShowACertificateBesideTheSignature() {
        Tickets keys = Tickets.of(cluster, "sn1");
        certificate("user", "tls-it-user");
        byte[] body = "{}".getBytes(US_ASCII);
        String known = "/internal/v1/commits/known";
        Http atMaster = Http.authorizedBy(keys.callToMaster("POST", known, body, Instant.now()));
        Http atNode = Http.authorizedBy(keys.callOfMaster("GET", "/internal/v1/peers", NOTHING, Instant.now()));
        URI node = cluster.urlOf("sn1").resolve("/internal/v1/peers");
        URI master = cluster.url().resolve(known);

        assertProblem(atNode.get(node).expect(401), "certificate-required");
        assertProblem(atMaster.post(master, "{}").expect(401), "certificate-required");
        var user = Trust.context(cluster.identities(), "tls-it-user");
        assertProblem(atNode.within(user).get(node).expect(403), "certificate-role");
        assertProblem(atMaster.within(user).post(master, "{}").expect(403), "certificate-role");
        for (String other : List.of("worker1", "sn2", "sn1")) {
            var identity = Trust.context(cluster.identities(), other);
            assertProblem(atNode.within(identity).get(node).expect(403), "certificate-role");
        }
        var ofMaster = Trust.context(cluster.identities(), "m1");
        atNode.within(ofMaster).get(node).expect(200);
        // A second connection resumes the session, and its certificate with it.
        atNode.within(ofMaster).get(node).expect(200);
        Map<String, String> refusals =
                Map.of("worker1", "certificate-role", "m1", "certificate-role", "sn2", "certificate-name");
        refusals.forEach((other, code) -> {
            var identity = Trust.context(cluster.identities(), other);
            assertProblem(atMaster.within(identity).post(master, "{}").expect(403), code);
        });
        var own = Trust.context(cluster.identities(), "sn1");
        assertThat(atMaster.within(own).post(master, "{}").status()).isEqualTo(400);
    }

    @Test
    void aNodeJoinsUnderTheNameOfItsCertificateOnly() {
        String token = "Bearer " + read(cluster.data().resolve("secrets/join.token"));
        String body = Json.createObjectBuilder()
                .add("url", "https://127.0.0.1:1")
                .add("publicUrl", "https://127.0.0.1:1")
                .add("zone", "default")
                .add("host", "nowhere")
                .add(
                        "report",
                        Json.createObjectBuilder()
                                .add("name", "sn77")
                                .add("diskUuid", "00000000-0000-4000-8000-000000000077")
                                .add("bootId", "00000000-0000-4000-8000-000000000078")
                                .add("appliedSeq", 0)
                                .add("capacityBytes", 1)
                                .add("usedBytes", 0)
                                .add("freeBytes", 1)
                                .add("diskCheckedMillisAgo", 0)
                                .add("puts", 0)
                                .add("gets", 0)
                                .add("putBytes", 0)
                                .add("getBytes", 0))
                .build()
                .toString();
        Http joiner = Http.authorizedBy(token);
        for (URI at : List.of(cluster.api("nodes"), cluster.urlOf("sn1").resolve("/api/v1/nodes"))) {
            String[] json = {"Content-Type", "application/json"};
            assertProblem(joiner.post(at, body, json).expect(401), "certificate-required");
            var worker = Trust.context(cluster.identities(), "worker1");
            assertProblem(joiner.within(worker).post(at, body, json).expect(403), "certificate-role");
            var other = Trust.context(cluster.identities(), "sn2");
            assertProblem(joiner.within(other).post(at, body, json).expect(403), "certificate-name");
        }
        assertThat(cluster.nodeStates()).doesNotContainKey("sn77");
    }

    @Test
    void aUsersCertificateOpensASessionAndNothingElse() {
        // Made out to the first administrator, who is there.
        certificate("user", "admin");
        var shown = Trust.context(cluster.identities(), "admin");
        Http admin = Http.anonymous().within(shown);
        var session = admin.post(cluster.api("session"), "").expect(201).json();
        assertThat(session.getString("user")).isEqualTo("admin");
        Http.authorizedBy("Bearer " + session.getString("token"))
                .get(cluster.api("nodes"))
                .expect(200);
        assertProblem(admin.get(cluster.api("nodes")).expect(401), "sign-in-required");
        Http member = Http.anonymous().within(Trust.context(cluster.identities(), "worker1"));
        assertProblem(member.post(cluster.api("session"), "").expect(401), "sign-in-required");

        Map<String, String> settings = Map.of(
                "HOLDFAST_USER",
                "",
                "HOLDFAST_PASSWORD",
                "",
                "HOLDFAST_CERT",
                cluster.identities().resolve("admin.pem").toString(),
                "XDG_CONFIG_HOME",
                folder.toString());
        assertThat(cluster.client("login").with(settings).run().ok()).isEqualTo("signed in as admin\n");
        assertThat(cluster.client("nodes").with(settings).run().ok()).contains("sn1");
    }

    @Tag("slow")
    @Test
    void anExpiredCertificateIsRefusedAndWarnedOf() {
        certificate("user", "tls-it-late", "--life", "PT1S");
        Program login = cluster.client("login")
                .with(Map.of(
                        "HOLDFAST_CERT",
                        cluster.identities().resolve("tls-it-late.pem").toString()));
        await().untilAsserted(() ->
                assertThat(login.run().expect(1).err()).hasLineCount(1).contains("tls-it-late.pem is refused"));
        assertThat(cluster.setup("status").run().ok())
                .contains("warning: the certificate of tls-it-late has ended", "setup/certificates renew tls-it-late");
        cluster.setup("certificates", "renew", "tls-it-late").run().ok();
        assertThat(cluster.setup("status").run().ok()).doesNotContain("warning: the certificate");
    }

    @Tag("slow")
    @Test
    void aRenewedCertificateIsShownAfterTheRestart() throws Exception {
        BigInteger before = serialAt("sn3");
        cluster.setup("certificates", "renew", "sn3").run().ok();
        assertThat(serialAt("sn3")).as("until the restart").isEqualTo(before);
        cluster.node("stop", "sn3");
        cluster.node("start", "sn3");
        assertThat(serialAt("sn3")).isNotEqualTo(before);
        cluster.awaitAllNodesRunning();
        assertThat(Http.anonymous()
                        .get(cluster.urlOf("sn3").resolve("/metrics"))
                        .expect(200)
                        .text())
                .containsPattern("holdfast_certificate_days_left\\S* 82[345]");
    }

    @Test
    void everyAnswerTellsBrowsersWhatNotToDo() {
        URI node = cluster.urlOf("sn1");
        for (var answer : List.of(
                Http.anonymous().get(cluster.url().resolve("/")).expect(200),
                Http.anonymous().get(cluster.api("nodes")).expect(401),
                Http.anonymous()
                        .get(cluster.url().resolve("/nothing"), "Origin", "https://evil.example")
                        .expect(404),
                Http.anonymous()
                        .get(node.resolve("/nothing"), "Origin", "https://evil.example")
                        .expect(404),
                Http.anonymous().get(node.resolve("/internal/v1/peers")).expect(401))) {
            String what = answer.response().uri().toString();
            // A browser would keep to it for everything else on 127.0.0.1 as well.
            assertThat(answer.header("Strict-Transport-Security")).as(what).isEmpty();
            assertThat(answer.requireHeader("X-Content-Type-Options")).as(what).isEqualTo("nosniff");
            assertThat(answer.requireHeader("Referrer-Policy")).as(what).isEqualTo("no-referrer");
            assertThat(answer.requireHeader("Content-Security-Policy")).as(what).contains("frame-ancestors 'none'");
            assertThat(answer.header("Server")).as(what).isEmpty();
            assertThat(answer.response().headers().allValues("X-Frame-Options"))
                    .as(what)
                    .containsExactly("DENY");
            assertThat(answer.response().headers().map().keySet())
                    .as(what)
                    .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control-"))
                    .noneMatch(name -> name.equalsIgnoreCase("Set-Cookie"));
        }
    }

    @Test
    void underANameOfItsOwnItIsToComeBackWithinTlsOnly() {
        for (URI server : List.of(cluster.url(), cluster.urlOf("sn1"))) {
            String head = "GET /health/live HTTP/1.1";
            assertThat(RawHttp.send(server, "files.example", head, new byte[0]))
                    .contains("HTTP/1.1 200 ")
                    .containsIgnoringCase("Strict-Transport-Security: max-age=");
            assertThat(RawHttp.send(server, "localhost:7400", head, new byte[0]))
                    .contains("HTTP/1.1 200 ")
                    .doesNotContainIgnoringCase("Strict-Transport-Security");
        }
    }

    private BigInteger serialAt(String name) throws SSLPeerUnverifiedException {
        // A context of its own: a resumed session would show the certificate that it was begun with.
        var answer = Http.anonymous()
                .within(Trust.only(cluster.authority()))
                .get(cluster.urlOf(name).resolve("/health/live"))
                .expect(200);
        var session = answer.response().sslSession().orElseThrow();
        return ((X509Certificate) session.getPeerCertificates()[0]).getSerialNumber();
    }

    private void certificate(String role, String name, String... options) {
        if (!Files.exists(cluster.identities().resolve(name + ".p12"))) {
            var words = new java.util.ArrayList<>(List.of(role, name));
            words.addAll(List.of(options));
            cluster.setup("certificates", words.toArray(String[]::new)).run().ok();
        }
    }

    private Path otherCluster() {
        Path other = folder.resolve("other");
        Program.of(folder, TestCluster.CHECKOUT.resolve("setup/certificates").toString())
                .and("init", "--data", other.toString())
                .run()
                .ok();
        return other;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void assertProblem(Http.Answer answer, String code) {
        assertThat(answer.json().getString("code")).isEqualTo(code);
    }
}
