package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The node protocol within TLS: who is let in, and that nothing of the plain protocol's behaviour is lost. */
class TlsTest {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final String LOOPBACK = "127.0.0.1";
    private static final String NODE = "CN=sn1,OU=node,O=Holdfast";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";

    @TempDir
    Path folder;

    private SSLContext before;
    private TestAuthority authority;
    private TlsIdentity node;

    @BeforeEach
    void beTheMaster() throws Exception {
        before = SSLContext.getDefault();
        authority = new TestAuthority(folder);
        node = authority.identity(NODE, LOOPBACK);
        authority.identity("CN=m1,OU=master,O=Holdfast", LOOPBACK).install();
    }

    @AfterEach
    void beOneselfAgain() {
        SSLContext.setDefault(before);
    }

    @Test
    void bothSidesKnowWhomTheyTalkTo() throws Exception {
        BlockingQueue<Optional<CertifiedName>> callers = new LinkedBlockingQueue<>();
        try (var server = ScriptedServer.secured(node.context(), connection -> {
            ScriptedServer.readHead(connection);
            callers.add(CertifiedName.of(
                    (X509Certificate) ((SSLSocket) connection).getSession().getPeerCertificates()[0]));
            ScriptedServer.say(connection, OK);
            connection.close();
        })) {
            try (var connected = BlobDownload.connect(server.uri(), CONNECT, PATIENT);
                    var download = connected.get()) {
                assertThat(download.body().readAllBytes()).asString().isEqualTo("OK");
            }
            var calls = new ClusterCall(
                    new SignedCall("sn1", SecretKeys.parse(List.of("k1:" + "cd".repeat(32))), Clock.systemUTC()),
                    CONNECT);
            assertThat(calls.send("GET", server.uri(), Optional.empty(), PATIENT)
                            .body())
                    .isEqualTo("OK");
        }
        assertThat(callers).extracting(Object::toString).containsExactly("Optional[master m1]", "Optional[master m1]");
    }

    @Test
    void aServerOfAnotherAuthorityIsRefused() throws Exception {
        TlsIdentity stranger =
                new TestAuthority(Files.createDirectory(folder.resolve("other"))).identity(NODE, LOOPBACK);
        assertRefused(stranger, SSLHandshakeException.class, "PKIX path");
    }

    @Test
    void aServerAtAnotherAddressThanItsCertificateSaysIsRefused() throws Exception {
        assertRefused(authority.identity(NODE, "127.0.0.2"), SSLException.class, "127.0.0.1");
    }

    @Test
    void aServerWithAnExpiredCertificateIsRefused() throws Exception {
        TlsIdentity late = authority.identity(NODE, LOOPBACK, Instant.now().minusSeconds(1));
        assertRefused(late, SSLHandshakeException.class, "validity check failed");
    }

    private static void assertRefused(TlsIdentity server, Class<? extends IOException> how, String why)
            throws Exception {
        try (var listening = ScriptedServer.secured(server.context(), ScriptedServer::readHead)) {
            assertThatThrownBy(() -> BlobDownload.connect(listening.uri(), CONNECT, PATIENT))
                    .isInstanceOf(how)
                    .hasMessageContaining(why);
            assertThatThrownBy(() -> BlobUpload.open(listening.uri(), 1, Map.of(), CONNECT, PATIENT))
                    .isInstanceOf(how);
        }
    }

    @Test
    void aPlainServerIsNotTalkedTo() throws Exception {
        try (var server = ScriptedServer.answering(OK)) {
            var secure = java.net.URI.create(server.uri().toString().replace("http:", "https:"));
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> BlobDownload.connect(secure, Duration.ofMillis(300), PATIENT));
        }
    }

    @Test
    void theNextConnectionResumesTheSession() throws Exception {
        BlockingQueue<Long> begun = new LinkedBlockingQueue<>();
        try (var server = ScriptedServer.secured(node.context(), connection -> {
            ScriptedServer.readHead(connection);
            var session = ((SSLSocket) connection).getSession();
            begun.add(session.getCreationTime());
            assertThat(session.getProtocol()).isEqualTo("TLSv1.3");
            assertThat(session.getPeerCertificates()).isNotEmpty();
            ScriptedServer.say(connection, OK);
            connection.close();
        })) {
            for (int i = 0; i < 3; i++) {
                try (var connected = BlobDownload.connect(server.uri(), CONNECT, PATIENT);
                        var download = connected.get()) {
                    assertThat(download.body().readAllBytes()).hasSize(2);
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
        assertThat(begun).hasSize(3);
        assertThat(begun.stream().distinct()).as("one session for all").hasSize(1);
    }

    @Test
    void anAnswerBeforeTheEndOfTheBodyIsHeardAtOnce() throws Exception {
        String full = "HTTP/1.1 507 Full\r\nContent-Length: 0\r\n\r\n";
        try (var server = ScriptedServer.secured(node.context(), connection -> {
                    ScriptedServer.readHead(connection);
                    connection.getInputStream().readNBytes(3_000_000);
                    ScriptedServer.say(connection, full);
                    connection.getInputStream().transferTo(OutputStream.nullOutputStream());
                });
                var upload = BlobUpload.open(server.uri(), BlobFacts.UNKNOWN_SIZE, Map.of(), CONNECT, PATIENT)) {
            assertThatThrownBy(() -> writeForEver(upload.body()))
                    .hasMessage("the node answered before the end of the body");
            assertThat(upload.finish().status()).isEqualTo(507);
        }
    }

    @Test
    @Timeout(20)
    void aNodeThatStopsReadingIsAStall() throws Exception {
        try (var server = ScriptedServer.secured(node.context(), ScriptedServer::readHead);
                var upload = BlobUpload.open(server.uri(), 1L << 32, Map.of(), CONNECT, Duration.ofMillis(500))) {
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> writeForEver(upload.body()));
        }
    }

    @Test
    void aBodyThatIsCutIsNoShortFile() throws Exception {
        BlockingQueue<Socket> answered = new LinkedBlockingQueue<>();
        try (var server = ScriptedServer.secured(node.context(), connection -> {
                    ScriptedServer.readHead(connection);
                    ScriptedServer.say(connection, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbytes");
                    answered.add(connection);
                });
                var relay = new CuttingRelay(server.uri().getPort());
                var connected = BlobDownload.connect(relay.uri(), CONNECT, PATIENT);
                var download = connected.get()) {
            assertThat(download.body().readNBytes(5)).asString().isEqualTo("bytes");
            assertThat(answered.poll(5, TimeUnit.SECONDS)).isNotNull();
            relay.cut();
            assertThatThrownBy(() -> download.body().read()).isInstanceOfAny(EOFException.class, SSLException.class);
        }
    }

    @Test
    void namesAreReadFromSubjectsOfOurMakingOnly() throws Exception {
        assertThat(CertifiedName.of(authority.certificate("CN=Ada Lovelace,OU=user,O=Holdfast")))
                .get()
                .hasToString("user Ada Lovelace");
        assertThat(CertifiedName.of(authority.certificate("CN=a\\,OU\\=master,OU=user,O=Holdfast")))
                .get()
                .hasToString("user a,OU=master");
        assertThat(CertifiedName.of(authority.certificate("CN=sn1,OU=Node,O=Holdfast")))
                .isEmpty();
        assertThat(CertifiedName.of(authority.certificate("OU=node,O=Holdfast")))
                .isEmpty();
        assertThat(CertifiedName.of(authority.certificate("CN=sn1"))).isEmpty();
    }

    @Test
    void aRoleIsRequired() {
        var user = new CertifiedName(CertifiedName.Role.USER, "ada", Instant.EPOCH);
        var sn1 = new CertifiedName(CertifiedName.Role.NODE, "sn1", Instant.EPOCH);
        assertThat(CertifiedName.require(Optional.of(sn1), java.util.Set.of(CertifiedName.Role.NODE)))
                .isEqualTo(sn1);
        assertThatThrownBy(() -> CertifiedName.require(Optional.of(user), java.util.Set.of(CertifiedName.Role.NODE)))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo("certificate-role"));
        assertThatThrownBy(() -> CertifiedName.require(Optional.empty(), java.util.Set.of(CertifiedName.Role.NODE)))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo("certificate-required"));
    }

    @Test
    void theEndOfTheCertificateIsWarnedOf() throws Exception {
        Instant end = Instant.parse("2030-01-31T12:00:00Z");
        TlsIdentity identity = authority.identity(NODE, LOOPBACK, end);
        assertThat(identity.warning(end.minus(Duration.ofDays(31)))).isEmpty();
        assertThat(identity.daysLeft(end.minus(Duration.ofDays(31)))).isEqualTo(31);
        assertThat(identity.warning(end.minus(Duration.ofDays(29))).orElseThrow())
                .contains("ends in 29 days", "setup/certificates renew");
        assertThat(identity.warning(end.plusSeconds(1)).orElseThrow()).contains("ended at 2030-01-31T12:00:00Z");
        assertThat(identity.daysLeft(end.plusSeconds(1))).isEqualTo(-1);
    }

    @Test
    void anUnusableKeyStoreIsNamed() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.p12"), "");
        assertThatThrownBy(() -> TlsIdentity.read(empty, folder.resolve("password")))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining(empty.toString());
    }

    private static void writeForEver(OutputStream out) throws IOException {
        var buffer = new byte[BlobUpload.BUFFER_BYTES];
        while (true) {
            out.write(buffer);
        }
    }
}
