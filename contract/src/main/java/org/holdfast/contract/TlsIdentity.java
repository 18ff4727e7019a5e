package org.holdfast.contract;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Who this process is to others, and whom it trusts: a key store (PKCS#12) with one key, its certificate, and the
 * cluster's authority, which is the only one trusted.
 *
 * <p>A process is one member and has one identity. {@link #install} makes it the JVM's default, so that whatever
 * connects from here, our own code, the JDK's HTTP client or the broker's, shows this certificate and refuses servers of
 * another authority.
 */
public final class TlsIdentity {
    /** From here on people are warned: long enough for a holiday. */
    public static final Duration WARN_WITHIN = Duration.ofDays(30);

    private static final String KEY_STORE = "holdfast.tls.key-store";
    private static final String PASSWORD_FILE = "holdfast.tls.password-file";

    private final Path file;
    private final X509Certificate certificate;
    private final SSLContext context;

    private TlsIdentity(Path file, X509Certificate certificate, SSLContext context) {
        this.file = file;
        this.certificate = certificate;
        this.context = context;
    }

    /**
     * The identity that the settings {@code holdfast.tls.key-store} and {@code holdfast.tls.password-file} name; empty
     * without them, which means plain text.
     *
     * @throws HoldfastException what {@link #read} throws; INVALID when only one of the two is set
     */
    public static Optional<TlsIdentity> of(Function<String, Optional<String>> settings) {
        Optional<Path> keyStore = settings.apply(KEY_STORE).map(Path::of);
        Optional<Path> passwordFile = settings.apply(PASSWORD_FILE).map(Path::of);
        if (keyStore.isPresent() != passwordFile.isPresent()) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "The settings " + KEY_STORE + " and " + PASSWORD_FILE + " go together.");
        }
        return keyStore.map(store -> read(store, passwordFile.orElseThrow()));
    }

    /**
     * Refuses an address that does not fit: with an identity members talk TLS, without one they can't.
     *
     * @throws HoldfastException INVALID
     */
    public static void requireFits(Optional<TlsIdentity> identity, String setting, String url) {
        if (identity.isPresent() != url.startsWith("https://")) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    setting + " is " + url + ", but " + KEY_STORE + " is "
                            + (identity.isPresent()
                                    ? "set: it must begin with https://."
                                    : "not set: there is no TLS."));
        }
    }

    /**
     * Reads a key store.
     *
     * @param passwordFile whose first line opens the store and the key in it
     * @throws HoldfastException UNAVAILABLE when it can't be read or lacks the key or the authority
     */
    public static TlsIdentity read(Path keyStore, Path passwordFile) {
        try (InputStream in = Files.newInputStream(keyStore)) {
            char[] password = Files.readString(passwordFile, StandardCharsets.UTF_8)
                    .strip()
                    .toCharArray();
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authoritiesOf(store));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return new TlsIdentity(keyStore, ownCertificate(store), context);
        } catch (IOException | GeneralSecurityException e) {
            throw HoldfastException.of(
                    FailureKind.UNAVAILABLE, "unavailable", "The key store " + keyStore + " can't be used.", e);
        }
    }

    /** Certificates only: a trust manager would take the store's own key for an authority, too. */
    private static KeyStore authoritiesOf(KeyStore store) throws IOException, GeneralSecurityException {
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        for (String alias : Collections.list(store.aliases())) {
            if (store.isCertificateEntry(alias)) {
                authorities.setCertificateEntry(alias, store.getCertificate(alias));
            }
        }
        if (authorities.size() == 0) {
            throw new GeneralSecurityException("there is no authority in it");
        }
        return authorities;
    }

    private static X509Certificate ownCertificate(KeyStore store) throws GeneralSecurityException {
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias) && store.getCertificate(alias) instanceof X509Certificate own) {
                return own;
            }
        }
        throw new GeneralSecurityException("there is no key in it");
    }

    /** Makes this the JVM's identity. HTTP clients that exist already keep the one that they were made with. */
    public void install() {
        SSLContext.setDefault(context);
    }

    /** What {@link #install} installs. */
    public SSLContext context() {
        return context;
    }

    /** Whole days until the certificate ends; negative when it has ended. */
    public long daysLeft(Instant now) {
        return Math.floorDiv(
                Duration.between(now, certificate.getNotAfter().toInstant()).toSeconds(), 86_400);
    }

    /** What people should know about the certificate's end, once it is near. */
    public Optional<String> warning(Instant now) {
        Instant end = certificate.getNotAfter().toInstant();
        if (end.isAfter(now.plus(WARN_WITHIN))) {
            return Optional.empty();
        }
        String when = end.isAfter(now) ? "ends in " + daysLeft(now) + " days, " : "ended ";
        return Optional.of("the certificate in " + file + " " + when + "at " + end
                + ": renew it (setup/certificates renew) and restart this process");
    }

    @Override
    public String toString() {
        return certificate.getSubjectX500Principal() + " until "
                + certificate.getNotAfter().toInstant();
    }
}
