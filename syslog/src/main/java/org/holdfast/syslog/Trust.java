package org.holdfast.syslog;

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
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/** Whom a sender believes to be the receiver. */
final class Trust {
    private Trust() {}

    /**
     * The context for connections: the process's own, which shows a member's certificate and trusts the cluster's
     * authority, or one that trusts others and shows nothing.
     *
     * @throws HoldfastException UNAVAILABLE when the file can't be read
     */
    static SSLContext context(Optional<Path> authority) {
        try {
            return authority.isEmpty() ? SSLContext.getDefault() : trusting(authority.get());
        } catch (IOException | GeneralSecurityException e) {
            throw HoldfastException.of(
                    FailureKind.UNAVAILABLE,
                    "unavailable",
                    "The certificates in " + authority.map(Path::toString).orElse("the JVM") + " can't be used.",
                    e);
        }
    }

    private static SSLContext trusting(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                number++;
                store.setCertificateEntry("authority " + number, certificate);
            }
        }
        if (store.size() == 0) {
            throw new GeneralSecurityException("there is no certificate in it");
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
