package org.holdfast.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Symmetric keys for one purpose. The first key signs, all of them verify, so that a key is rotated by adding the new one,
 * everywhere, moving it to the front, and taking the old one away later.
 *
 * <p>Text form: one {@code id:hex} a line, at least 32 octets each. {@link #toString} shows ids only.
 */
public final class SecretKeys {
    private static final String HMAC = "HmacSHA256";
    private static final int MINIMUM_OCTETS = 32;

    private final Map<String, SecretKeySpec> keys;
    private final String signingId;
    private final SecretKeySpec signingKey;

    private SecretKeys(Map<String, SecretKeySpec> keys) {
        var first = keys.entrySet().iterator().next();
        this.keys = keys;
        this.signingId = first.getKey();
        this.signingKey = first.getValue();
    }

    /** Reads the text form; throws INVALID when a line is malformed or there is no key. */
    public static SecretKeys parse(List<String> lines) {
        var keys = new LinkedHashMap<String, SecretKeySpec>();
        for (String line : lines) {
            if (!line.isBlank()) {
                String[] parts = line.strip().split(":", 2);
                if (parts.length != 2 || !parts[0].matches("[A-Za-z0-9_-]{1,32}")) {
                    throw malformed();
                }
                keys.put(parts[0], new SecretKeySpec(octets(parts[1]), HMAC));
            }
        }
        if (keys.isEmpty()) {
            throw malformed();
        }
        return new SecretKeys(keys);
    }

    /** Reads a file of the text form; throws UNAVAILABLE when it can't be read, INVALID when it is malformed. */
    public static SecretKeys read(Path file) {
        try {
            return parse(Files.readAllLines(file, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw HoldfastException.of(
                    FailureKind.UNAVAILABLE, "unavailable", "The key file " + file + " can't be read.", e);
        }
    }

    /**
     * Keys for another purpose, with the same ids. From them nobody learns these, nor those of any other purpose: each is
     * the HMAC of the label under the key that it is derived from (RFC 5869, section 2.3, for one block).
     *
     * @param label words that name the purpose; none has a line feed in it
     */
    public SecretKeys derive(String... label) {
        byte[] info = ("holdfast-key-1\n" + String.join("\n", label)).getBytes(StandardCharsets.UTF_8);
        var derived = new LinkedHashMap<String, SecretKeySpec>();
        keys.forEach((id, key) -> derived.put(id, new SecretKeySpec(mac(key, info), HMAC)));
        return new SecretKeys(derived);
    }

    /** The text form, for handing the keys to a joining member. */
    public List<String> lines() {
        return keys.entrySet().stream()
                .map(entry -> entry.getKey()
                        + ":"
                        + HexFormat.of().formatHex(entry.getValue().getEncoded()))
                .toList();
    }

    /** Identifier of the key that {@link #mac} uses. */
    public String signingId() {
        return signingId;
    }

    /** Identifiers of all keys, the signing one first. */
    public List<String> ids() {
        return List.copyOf(keys.keySet());
    }

    /** HMAC-SHA-256 of the message under the signing key. */
    public byte[] mac(byte[] message) {
        return mac(signingKey, message);
    }

    /** HMAC-SHA-256 of the message under the named key; empty when there is no such key. */
    public Optional<byte[]> mac(String keyId, byte[] message) {
        return Optional.ofNullable(keys.get(keyId)).map(key -> mac(key, message));
    }

    /** Whether {@code mac} is the message's code under the named key; compared in constant time. */
    public boolean verify(String keyId, byte[] message, byte[] mac) {
        return mac(keyId, message)
                .filter(right -> MessageDigest.isEqual(right, mac))
                .isPresent();
    }

    private static byte[] mac(SecretKeySpec key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static byte[] octets(String hex) {
        try {
            byte[] octets = HexFormat.of().parseHex(hex);
            if (octets.length >= MINIMUM_OCTETS) {
                return octets;
            }
        } catch (IllegalArgumentException e) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", "A key is not hexadecimal.", e);
        }
        throw malformed();
    }

    private static HoldfastException malformed() {
        return HoldfastException.of(
                FailureKind.INVALID,
                "invalid-parameter",
                "Keys are lines of the form id:hex with at least " + MINIMUM_OCTETS + " octets.");
    }

    @Override
    public String toString() {
        return keys.keySet().stream().collect(Collectors.joining(", ", "SecretKeys[", "]"));
    }
}
