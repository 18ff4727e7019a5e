package org.holdfast.master.mail;

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
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whose word is good for a mail server: that of the authorities that the JDK brings along, and of those in a file. A mail
 * server is nobody of the cluster's, whose own authority is the only one that this process trusts otherwise.
 */
final class MailTrust {
    private MailTrust() {}

    /** Of connections that trust these, and show no certificate. */
    static SSLSocketFactory socketFactory(Optional<Path> more) throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities(more));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    static KeyStore authorities(Optional<Path> more) throws IOException, GeneralSecurityException {
        Path ofTheJdk = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
        // Certificates are no secret: they are read without the store's password.
        KeyStore all = KeyStore.getInstance(ofTheJdk.toFile(), (char[]) null);
        if (more.isPresent()) {
            try (InputStream in = Files.newInputStream(more.get())) {
                int number = 0;
                for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    all.setCertificateEntry("more-" + ++number, authority);
                }
            }
        }
        return all;
    }
}
