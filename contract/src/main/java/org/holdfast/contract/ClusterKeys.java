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
import java.util.Objects;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets that members of one cluster share. The first key signs, all of them verify, so that a key is rotated by
 * adding the new one in front, everywhere, and taking the old one away later.
 *
 * <p>Text form: one {@code id:hex} a line, at least 32 octets each. {@link #toString} shows ids only.
 */
public final class ClusterKeys {
    private static final String HMAC = "HmacSHA256";
    private static final int MINIMUM_OCTETS = 32;

    private final Map<String, SecretKeySpec> keys;
    private final String signingId;

    private ClusterKeys(Map<String, SecretKeySpec> keys) {
        this.keys = keys;
        this.signingId = keys.keySet().iterator().next();
    }

    /** Reads the text form; throws INVALID when a line is malformed or there is no key. */
    public static ClusterKeys parse(List<String> lines) {
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
        return new ClusterKeys(keys);
    }

    /** Reads a file of the text form; throws UNAVAILABLE when it can't be read, INVALID when it is malformed. */
    public static ClusterKeys read(Path file) {
        try {
            return parse(Files.readAllLines(file, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw HoldfastException.of(
                    FailureKind.UNAVAILABLE, "unavailable", "The cluster key file " + file + " can't be read.", e);
        }
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

    /** HMAC-SHA-256 of the message under the signing key. */
    public byte[] mac(byte[] message) {
        return mac(Objects.requireNonNull(keys.get(signingId)), message);
    }

    /** Whether {@code mac} is the message's code under the named key; compared in constant time. */
    public boolean verify(String keyId, byte[] message, byte[] mac) {
        SecretKeySpec key = keys.get(keyId);
        return key != null && MessageDigest.isEqual(mac(key, message), mac);
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
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "A cluster key is not hexadecimal.", e);
        }
        throw malformed();
    }

    private static HoldfastException malformed() {
        return HoldfastException.of(
                FailureKind.INVALID,
                "invalid-parameter",
                "Cluster keys are lines of the form id:hex with at least " + MINIMUM_OCTETS + " octets.");
    }

    @Override
    public String toString() {
        return keys.keySet().stream().collect(Collectors.joining(", ", "ClusterKeys[", "]"));
    }
}
