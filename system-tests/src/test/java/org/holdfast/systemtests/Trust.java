package org.holdfast.systemtests;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Whom this JVM trusts: the authorities of the clusters that it has booted so far, and nobody else. */
final class Trust {
    private static final Authorities AUTHORITIES = new Authorities();

    private Trust() {}

    /** From now on servers that this authority vouches for are talked to. */
    static void add(Path authorityPem) {
        AUTHORITIES.add(authorityPem);
    }

    /** A client without a certificate. */
    static SSLContext context() {
        return context(new KeyManager[0], AUTHORITIES);
    }

    /** A client that shows the identity in {@code folder/name.p12}. */
    static SSLContext context(Path folder, String name) {
        try {
            char[] password =
                    Files.readString(folder.resolve(name + ".password")).strip().toCharArray();
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(folder.resolve(name + ".p12"))) {
                store.load(in, password);
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            return context(keys.getKeyManagers(), AUTHORITIES);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client that trusts this authority alone. */
    static SSLContext only(Path authorityPem) {
        Authorities one = new Authorities();
        one.add(authorityPem);
        return context(new KeyManager[0], one);
    }

    private static SSLContext context(KeyManager[] keys, TrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The JDK's own manager over a growing store. */
    private static final class Authorities extends X509ExtendedTrustManager {
        private final KeyStore store;
        private volatile Optional<X509ExtendedTrustManager> manager = Optional.empty();

        Authorities() {
            try {
                store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        synchronized void add(Path pem) {
            try (InputStream in = Files.newInputStream(pem)) {
                store.setCertificateEntry(
                        pem.toString(), CertificateFactory.getInstance("X.509").generateCertificate(in));
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(store);
                manager = Optional.of((X509ExtendedTrustManager) factory.getTrustManagers()[0]);
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        private X509ExtendedTrustManager manager() throws CertificateException {
            return manager.orElseThrow(() -> new CertificateException("no cluster with TLS has been booted"));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            manager().checkServerTrusted(chain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            manager().checkServerTrusted(chain, type, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            manager().checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("the tests have no clients");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("the tests have no clients");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("the tests have no clients");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
