package org.holdfast.syslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** RFC 5425, against a real TLS server. */
@Timeout(60)
class TlsReceiverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final char[] PASSWORD = "a password".toCharArray();

    @TempDir
    Path folder;

    /** A receiver whose certificate vouches for itself, for this address. */
    private Frames receiver(String address) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair keys = generator.generateKeyPair();
        X509Certificate certificate = certificate(keys, address);
        Files.writeString(
                folder.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", keys.getPrivate(), PASSWORD, new Certificate[] {certificate});
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return new Frames(context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    private static X509Certificate certificate(KeyPair keys, String address) throws Exception {
        var name = new X500Principal("CN=receiver");
        Instant now = Clock.systemUTC().instant();
        var builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.ONE,
                Date.from(now.minusSeconds(60)),
                Date.from(now.plusSeconds(3_600)),
                name,
                keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.iPAddress, address)));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    private SyslogSender sender(Frames receiver, Map<String, String> more) {
        var config = SyslogConfig.of(name -> name.equals("holdfast.syslog.url")
                        ? Optional.of("tls://127.0.0.1:" + receiver.port())
                        : Optional.ofNullable(more.get(name)))
                .orElseThrow();
        return SyslogSender.of(config).start(work -> {
            var thread = new Thread(work, "sender");
            thread.setDaemon(true);
            return thread;
        });
    }

    private Map<String, String> authority() {
        return Map.of("holdfast.syslog.ca-file", folder.resolve("ca.pem").toString());
    }

    @Test
    void aReceiverThatIsTheOneIsTold() throws Exception {
        try (Frames receiver = receiver("127.0.0.1");
                SyslogSender sender = sender(receiver, authority())) {
            sender.offer(Records.of("anna/one"));
            sender.offer(Records.of("anna/zwölf"));
            await().atMost(PATIENCE).until(() -> receiver.messages().size() == 2);
            assertThat(receiver.messages().get(1)).startsWith("<134>1 ").endsWith("anna/zwölf 200");
            // The look before what follows a pause must not take TLS's own messages for words of the receiver.
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            sender.offer(Records.of("anna/late"));
            await().atMost(PATIENCE).until(() -> receiver.messages().size() == 3);
            assertThat(receiver.connections()).isEqualTo(1);
        }
    }

    @Test
    void aReceiverOfAnotherNameIsNotTold() throws Exception {
        try (Frames receiver = receiver("127.0.0.2");
                SyslogSender sender = sender(receiver, authority())) {
            sender.offer(Records.of("anna/secret"));
            await().atMost(PATIENCE).until(() -> receiver.failures() > 0);
            assertThat(sender.sent()).isZero();
            assertThat(receiver.messages()).isEmpty();
        }
    }

    @Test
    void aReceiverOfAnotherAuthorityIsNotTold() throws Exception {
        try (Frames receiver = receiver("127.0.0.1");
                SyslogSender sender = sender(receiver, Map.of())) {
            sender.offer(Records.of("anna/secret"));
            await().atMost(PATIENCE).until(() -> receiver.failures() > 0);
            assertThat(sender.sent()).isZero();
            assertThat(receiver.messages()).isEmpty();
        }
    }
}
