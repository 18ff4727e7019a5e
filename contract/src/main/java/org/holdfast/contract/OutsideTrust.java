package org.holdfast.contract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Contexts for connections to servers that are nobody of the cluster's, whose own authority is the only one that a process
 * trusts otherwise ({@link TlsIdentity}). They show no certificate.
 */
public final class OutsideTrust {
    private OutsideTrust() {}

    /**
     * Trusts those in a PEM file and nobody else.
     *
     * @throws HoldfastException UNAVAILABLE when it can't be read, or has none in it
     */
    public static SSLContext only(Path pem) {
        return trusting(false, Optional.of(pem));
    }

    /**
     * Trusts the authorities that the JDK brings along, and those in a PEM file.
     *
     * @throws HoldfastException UNAVAILABLE when one of the two can't be read
     */
    public static SSLContext ofTheJdkAnd(Optional<Path> pem) {
        return trusting(true, pem);
    }

    private static SSLContext trusting(boolean withThoseOfTheJdk, Optional<Path> pem) {
        try {
            KeyStore store = authorities(withThoseOfTheJdk, pem);
            if (store.size() == 0) {
                throw new GeneralSecurityException("there is no certificate in it");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw HoldfastException.of(
                    FailureKind.UNAVAILABLE,
                    "unavailable",
                    "The certificates in " + pem.map(Path::toString).orElse("the JDK") + " can't be used.",
                    e);
        }
    }

    static KeyStore authorities(boolean withThoseOfTheJdk, Optional<Path> pem)
            throws IOException, GeneralSecurityException {
        KeyStore store = withThoseOfTheJdk ? ofTheJdk() : empty();
        if (pem.isPresent()) {
            add(pem.get(), store);
        }
        return store;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Certificates are no secret: they are read without the store's password. */
    private static KeyStore ofTheJdk() throws IOException, GeneralSecurityException {
        Path file = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
        return KeyStore.getInstance(file.toFile(), (char[]) null);
    }

    private static void add(Path pem, KeyStore store) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(pem)) {
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                number++;
                store.setCertificateEntry("of the file " + number, certificate);
            }
        }
    }
}
