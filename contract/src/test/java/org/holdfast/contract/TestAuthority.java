package org.holdfast.contract;

import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority for tests: issues identities as a cluster's own does, and others that it never would. */
final class TestAuthority {
    private static final String PASSWORD = "a password";

    private final Path folder;
    private final KeyPair keys = freshKeys();
    private final X509Certificate certificate;
    private int serial = 1;

    TestAuthority(Path folder) throws Exception {
        this.folder = folder;
        certificate = issue(
                keys, new X500Principal("CN=test authority"), "", Instant.now().plusSeconds(3600));
    }

    /** @param address that its server's clients may know it by */
    TlsIdentity identity(String subject, String address) throws Exception {
        return identity(subject, address, Instant.now().plusSeconds(3600));
    }

    TlsIdentity identity(String subject, String address, Instant end) throws Exception {
        Path file = folder.resolve("identity-" + serial + ".p12");
        Path passwordFile = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        KeyPair own = freshKeys();
        write(file, own.getPrivate(), issue(own, new X500Principal(subject), address, end));
        return TlsIdentity.read(file, passwordFile);
    }

    X509Certificate certificate(String subject) throws Exception {
        return issue(freshKeys(), new X500Principal(subject), "", Instant.now().plusSeconds(60));
    }

    private X509Certificate issue(KeyPair own, X500Principal subject, String address, Instant end) throws Exception {
        boolean isAuthority = own == keys;
        var builder = new JcaX509v3CertificateBuilder(
                new X500Principal("CN=test authority"),
                BigInteger.valueOf(serial++),
                Date.from(end.minusSeconds(7200)),
                Date.from(end),
                subject,
                own.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
        if (!address.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.iPAddress, address)));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    private void write(Path file, PrivateKey key, X509Certificate own) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", key, PASSWORD.toCharArray(), new Certificate[] {own, certificate});
        store.setCertificateEntry("authority", certificate);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
    }

    private static KeyPair freshKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }
}
