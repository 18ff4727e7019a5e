package org.holdfast.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private DataDir data;
    private Certificates certificates;

    @BeforeEach
    void open() {
        data = DataDir.open(folder.resolve("data"));
        certificates = at(NOW);
    }

    private Certificates at(Instant now) {
        return Certificates.open(data, Clock.fixed(now, ZoneOffset.UTC), new SecureRandom());
    }

    @Test
    void aComponentIsVouchedForByTheAuthorityAndReachedOnThisMachine() throws Exception {
        X509Certificate node = certificates.ensure("sn1", Reach.LOCAL).certificate();
        requireGood(node, NOW);
        requireGood(node, NOW.minus(Duration.ofHours(23)));
        assertThat(node.getSubjectX500Principal().getName()).contains("CN=sn1", "OU=node");
        assertThat(node.getSubjectAlternativeNames().stream()
                        .map(name -> name.get(1).toString()))
                .containsExactly("sn1", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(node.getExtendedKeyUsage()).containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(node.getBasicConstraints()).as("is no authority").isEqualTo(-1);
    }

    @Test
    void aComponentThatGetsAnotherNameGetsACertificateWithIt() throws Exception {
        X509Certificate first = certificates.ensure("sn1", Reach.LOCAL).certificate();
        List<String> hosts = List.of("localhost", "files.example.org", "192.0.2.7");
        X509Certificate second = certificates.ensure("sn1", hosts).certificate();
        assertThat(second.getSubjectAlternativeNames().stream()
                        .map(name -> name.get(1).toString()))
                .containsExactly("sn1", "localhost", "files.example.org", "192.0.2.7");
        assertThat(second).isNotEqualTo(first);
        assertThat(certificates.ensure("sn1", hosts).certificate()).isEqualTo(second);
    }

    @Test
    void whoIsReachedElsewhereIsNotReachedHere() {
        run(NOW, "node", "sn7", "--host", "sn7.example.org");
        run(NOW, "node", "sn8");
        assertThat(certificates.list())
                .extracting(Certificates.Entry::hosts)
                .containsExactly(
                        List.of("sn7", "sn7.example.org"), List.of("sn8", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"));
    }

    @Test
    void nobodyElseCanReadTheKeysAndEverybodyTheAuthority() throws IOException {
        certificates.ensure("mariadb", Reach.LOCAL);
        certificates.issue(CertificateRole.USER, "ada@example.org", List.of(), Certificates.USER_LIFE);
        try (Stream<Path> files = Files.list(certificates.directory())) {
            assertThat(files.toList())
                    .hasSizeGreaterThan(7)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as(file.toString())
                            .isEqualTo("rw-------"));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(certificates.directory())))
                .isEqualTo("rwx------");
        assertThat(Files.readString(certificates.authorityPem()))
                .startsWith("-----BEGIN CERTIFICATE-----\n")
                .doesNotContain("PRIVATE KEY");
    }

    @Test
    void anIdentityStaysUntilItIsRenewedAndThenSaysTheSame() throws Exception {
        X509Certificate first = certificates
                .issue(CertificateRole.NODE, "far", List.of("far.example.org", "192.0.2.7"), Duration.ofDays(40))
                .certificate();
        assertThat(at(NOW).ensure("sn1", Reach.LOCAL).certificate())
                .isEqualTo(certificates.ensure("sn1", Reach.LOCAL).certificate());
        String password =
                Secrets.read(KeyStoreFile.in(certificates.directory(), "far").passwordFile());

        assertThat(run(NOW, "renew")).isEqualTo("nothing ends within 30 days\n");
        assertThat(run(NOW.plus(Duration.ofDays(11)), "renew")).startsWith("far is renewed; restart it");

        KeyStoreFile renewed = KeyStoreFile.in(certificates.directory(), "far");
        X509Certificate second = renewed.certificate();
        assertThat(second.getPublicKey()).isNotEqualTo(first.getPublicKey());
        assertThat(second.getSubjectX500Principal()).isEqualTo(first.getSubjectX500Principal());
        assertThat(second.getSubjectAlternativeNames()).containsExactlyElementsOf(first.getSubjectAlternativeNames());
        assertThat(second.getNotAfter().toInstant())
                .isEqualTo(NOW.plus(Duration.ofDays(11)).plus(Certificates.COMPONENT_LIFE));
        assertThat(Secrets.read(renewed.passwordFile())).isEqualTo(password);
        requireGood(second, NOW.plus(Duration.ofDays(700)));
    }

    @Test
    void anEndThatIsNearIsWarnedOf() {
        certificates.ensure("sn1", Reach.LOCAL);
        certificates.issue(CertificateRole.USER, "ada", List.of(), Duration.ofDays(31));
        assertThat(certificates.warnings()).isEmpty();
        assertThat(at(NOW.plus(Duration.ofDays(2))).warnings())
                .singleElement()
                .asString()
                .contains("the certificate of ada ends in 29 days", "setup/certificates renew ada");
        assertThat(at(NOW.plus(Duration.ofDays(826))).warnings())
                .hasSize(2)
                .anyMatch(text -> text.contains("the certificate of sn1 has ended"));
    }

    @Test
    void withoutTheAuthoritysKeyAllGoesOnButMakingCertificates() throws Exception {
        certificates.ensure("sn1", Reach.LOCAL);
        String known = Files.readString(certificates.authorityPem());
        Files.move(certificates.directory().resolve("authority.p12"), folder.resolve("elsewhere.p12"));
        assertThat(at(NOW).ensure("sn1", Reach.LOCAL).exists()).isTrue();
        assertThat(run(NOW, "list")).contains("authority", "sn1");
        for (String[] words : new String[][] {{"renew", "sn1"}, {"node", "sn2"}}) {
            assertThatThrownBy(() -> run(NOW, words))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("authority.p12");
        }
        assertThat(Files.readString(certificates.authorityPem())).isEqualTo(known);
        Files.delete(certificates.authorityPem());
        assertThatThrownBy(() -> at(NOW)).isInstanceOf(Refusal.class).hasMessageContaining("put one of the two back");
        Files.move(folder.resolve("elsewhere.p12"), certificates.directory().resolve("authority.p12"));
        requireGood(at(NOW).ensure("sn2", Reach.LOCAL).certificate(), NOW);
        assertThat(Files.readString(certificates.authorityPem())).isEqualTo(known);
    }

    @Test
    void nothingOutlivesTheAuthorityWhoseEndIsToldInTime() {
        Instant end = NOW.plus(Authority.LIFE);
        Instant late = end.minus(Duration.ofDays(179));
        assertThat(at(end.minus(Duration.ofDays(181))).warnings()).isEmpty();
        assertThat(at(late).warnings()).singleElement().asString().contains("the cluster's authority ends in 179 days");
        assertThat(run(NOW, "list")).containsPattern("authority +authority +2039-12-30T00:00:00Z +3650");
        assertThat(at(late).ensure("sn9", Reach.LOCAL)
                        .certificate()
                        .getNotAfter()
                        .toInstant())
                .isEqualTo(end);
        assertThatThrownBy(() -> at(end.plusSeconds(1)).ensure("sn8", Reach.LOCAL))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("has ended");
    }

    @Test
    void anotherClustersAuthorityVouchesForNothingHere() {
        Certificates other = Certificates.open(
                DataDir.open(folder.resolve("other")), Clock.fixed(NOW, ZoneOffset.UTC), new SecureRandom());
        X509Certificate stranger = other.ensure("sn1", Reach.LOCAL).certificate();
        assertThatThrownBy(() -> requireGood(stranger, NOW)).isInstanceOf(CertPathValidatorException.class);
    }

    @Test
    void peopleGetNoServersAndComponentsNames() throws Exception {
        X509Certificate ada = certificates
                .issue(CertificateRole.USER, "ada", List.of(), Certificates.USER_LIFE)
                .certificate();
        assertThat(ada.getSubjectAlternativeNames()).isNull();
        assertThat(ada.getExtendedKeyUsage()).as("client only").containsExactly("1.3.6.1.5.5.7.3.2");
        for (String name : List.of("sn4", "m1", "authority", "a,OU=master", "../x", "")) {
            assertThatThrownBy(() -> run(NOW, "user", name)).as(name).isInstanceOf(Refusal.class);
        }
        assertThatThrownBy(() -> run(NOW, "user", "ada")).hasMessageContaining("already");
    }

    @Test
    void theCommandMakesAndListsThem() {
        assertThat(run(NOW, "init", "m1", "mariadb", "--host", "store.example.org"))
                .contains("authority: ", "m1: ", "mariadb: ");
        run(NOW, "user", "ada", "--life", "PT12H");
        assertThat(run(NOW, "list").lines())
                .anyMatch(line -> line.matches("NAME +ROLE +ENDS +DAYS +HOSTS"))
                .anyMatch(line -> line.matches("ada +user +2030-01-01T12:00:00Z +0"))
                .anyMatch(line -> line.matches("m1 +master +2032-04-04T00:00:00Z +824 +m1 .*store.example.org"));
        assertThat(certificates.pemOf("mariadb")).content().doesNotContain("PRIVATE KEY");
        assertThat(certificates.keyOf("mariadb")).content().startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(certificates.pemOf("ada")).content().contains("BEGIN CERTIFICATE", "BEGIN PRIVATE KEY");
    }

    @Test
    void nonsenseIsWrongUsage() {
        for (List<String> words : List.of(
                List.<String>of(),
                List.of("frobnicate"),
                List.of("user"),
                List.of("user", "a", "b"),
                List.of("node", "x", "--life", "soon"),
                List.of("node", "x", "--life", "PT0S"),
                List.of("node", "x", "--frob"),
                List.of("node", "x", "--host"))) {
            assertThatThrownBy(() -> run(NOW, words.toArray(String[]::new)))
                    .as("%s", words)
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refusal -> assertThat(refusal.exitCode()).isEqualTo(Refusal.USAGE));
        }
    }

    private String run(Instant now, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new CertificatesCommand(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        Clock.fixed(now, ZoneOffset.UTC),
                        data.root())
                .run(List.of(words));
        return out.toString(StandardCharsets.UTF_8);
    }

    private void requireGood(X509Certificate certificate, Instant at) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        X509Certificate authority;
        try (var pem = Files.newInputStream(certificates.authorityPem())) {
            authority = (X509Certificate) factory.generateCertificate(pem);
        }
        PKIXParameters rules = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
        rules.setRevocationEnabled(false);
        rules.setDate(Date.from(at));
        CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(List.of(certificate)), rules);
    }
}
