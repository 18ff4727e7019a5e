package org.holdfast.setup;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The authority of one cluster: whose signature makes a certificate one of the cluster's. Keys are EC P-256, signatures
 * ECDSA with SHA-256 (RFC 5280 profile; the JDK checks both sides of every connection against it).
 *
 * @param key signs
 * @param certificate what everybody trusts
 */
record Authority(PrivateKey key, X509Certificate certificate) {
    static final Duration LIFE = Duration.ofDays(3650);

    /** A machine whose clock is behind must not find a new certificate "not yet valid". Masters reckon with it. */
    private static final Duration BACKDATED = Duration.ofDays(1);

    /** RFC 5280, section 4.1.2.2: positive, at most 20 octets, not to be guessed. */
    private static final int SERIAL_BITS = 127;

    /**
     * What a certificate is to say.
     *
     * @param hosts DNS names and IP addresses by which its holder may be reached
     * @param life from now on, but no longer than the authority's own
     */
    record Wish(CertificateRole role, String name, List<String> hosts, Duration life) {}

    /** A key and the certificate for it. */
    record Issued(PrivateKey key, X509Certificate certificate) {}

    /** A new authority; its name differs from that of every other, so that a mix-up is seen at once. */
    static Authority create(Instant now, SecureRandom random) {
        byte[] mark = new byte[4];
        random.nextBytes(mark);
        KeyPair keys = freshKeys();
        X500Principal subject =
                new X500Principal("CN=Holdfast authority " + HexFormat.of().formatHex(mark) + ",O=Holdfast");
        try {
            JcaX509v3CertificateBuilder builder = builder(subject, subject, keys.getPublic(), now, LIFE, random);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
            return new Authority(keys.getPrivate(), sign(builder, keys.getPrivate()));
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
            throw Refusal.failed("cannot make the cluster's authority", e);
        }
    }

    /** A new key with a certificate that says what is wished for. */
    Issued issue(Wish wish, Instant now, SecureRandom random) {
        Duration left = Duration.between(now, certificate.getNotAfter().toInstant());
        if (left.isNegative()) {
            throw Refusal.failed("the cluster's authority has ended; make another one, and all certificates anew");
        }
        Duration life = wish.life().compareTo(left) < 0 ? wish.life() : left;
        KeyPair keys = freshKeys();
        X500Principal subject =
                new X500Principal("CN=\"" + wish.name() + "\",OU=" + wish.role().unit() + ",O=Holdfast");
        try {
            JcaX509v3CertificateBuilder builder =
                    builder(certificate.getSubjectX500Principal(), subject, keys.getPublic(), now, life, random);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(wish.role().purposes()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
            if (!wish.hosts().isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, names(wish.hosts()));
            }
            return new Issued(keys.getPrivate(), sign(builder, key));
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
            throw Refusal.failed("cannot make the certificate of " + wish.name(), e);
        }
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Principal issuer,
            X500Principal subject,
            PublicKey key,
            Instant now,
            Duration life,
            SecureRandom random) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(life)),
                subject,
                key);
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private static GeneralNames names(List<String> hosts) {
        return new GeneralNames(hosts.stream()
                .map(host -> new GeneralName(isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
                .toArray(GeneralName[]::new));
    }

    private static boolean isAddress(String host) {
        return host.contains(":") || host.matches("\\d+(\\.\\d+){3}");
    }

    private static KeyPair freshKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw Refusal.failed("this Java cannot make EC keys", e);
        }
    }
}
