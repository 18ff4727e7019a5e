package org.holdfast.setup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/**
 * A key with its certificate and the authority that vouches for it, in a PKCS#12 file (0600) beside the file of its
 * password (0600). Key store and trust store are one: whoever has an identity in a cluster trusts that cluster.
 *
 * @param store {@code NAME.p12}
 * @param passwordFile {@code NAME.password}
 */
record KeyStoreFile(Path store, Path passwordFile) {
    /** Alias of the key; Payara asks for it by name. */
    static final String ALIAS = "holdfast";

    private static final String AUTHORITY = "authority";
    private static final int PASSWORD_BYTES = 24;

    /** Both files in {@code directory}. */
    static KeyStoreFile in(Path directory, String name) {
        return new KeyStoreFile(directory.resolve(name + ".p12"), directory.resolve(name + ".password"));
    }

    boolean exists() {
        return Files.exists(store) && Files.exists(passwordFile);
    }

    /** Replaces the store; the password is made once and kept, for there may be copies of it. */
    void write(PrivateKey key, X509Certificate own, X509Certificate authority, SecureRandom random) {
        if (!Files.exists(passwordFile)) {
            byte[] fresh = new byte[PASSWORD_BYTES];
            random.nextBytes(fresh);
            PrivateFile.write(passwordFile, HexFormat.of().formatHex(fresh) + "\n");
        }
        boolean isAuthority = own.equals(authority);
        Certificate[] chain = isAuthority ? new Certificate[] {own} : new Certificate[] {own, authority};
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry(ALIAS, key, password(), chain);
            if (!isAuthority) {
                keys.setCertificateEntry(AUTHORITY, authority);
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            keys.store(bytes, password());
            PrivateFile.write(store, bytes.toByteArray());
        } catch (IOException | GeneralSecurityException e) {
            throw Refusal.failed("cannot make the key store " + store, e);
        }
    }

    /** The key's own certificate. */
    X509Certificate certificate() {
        try {
            if (open().getCertificate(ALIAS) instanceof X509Certificate own) {
                return own;
            }
        } catch (GeneralSecurityException e) {
            throw Refusal.failed("cannot read " + store, e);
        }
        throw Refusal.failed(store + " has no certificate in it");
    }

    PrivateKey key() {
        try {
            if (open().getKey(ALIAS, password()) instanceof PrivateKey key) {
                return key;
            }
        } catch (GeneralSecurityException e) {
            throw Refusal.failed("cannot read " + store, e);
        }
        throw Refusal.failed(store + " has no key in it");
    }

    char[] password() {
        return Secrets.read(passwordFile).toCharArray();
    }

    private KeyStore open() {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password());
            return keys;
        } catch (IOException | GeneralSecurityException e) {
            throw Refusal.failed("cannot read " + store, e);
        }
    }
}
