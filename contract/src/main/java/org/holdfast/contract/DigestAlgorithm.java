package org.holdfast.contract;

import java.util.Locale;
import java.util.Optional;

/**
 * The digests that Holdfast computes. MD5 and SHA-256 always are; the others are asked for with {@code
 * Want-Repr-Digest}.
 */
public enum DigestAlgorithm {
    MD5("MD5", "md5", 16),
    SHA_256("SHA-256", "sha-256", 32),
    SHA_1("SHA-1", "sha", 20),
    SHA3_256("SHA3-256", "sha3-256", 32);

    private final String javaName;
    private final String httpName;
    private final int octets;

    DigestAlgorithm(String javaName, String httpName, int octets) {
        this.javaName = javaName;
        this.httpName = httpName;
        this.octets = octets;
    }

    /** For {@link java.security.MessageDigest#getInstance(String)}. */
    public String javaName() {
        return javaName;
    }

    /** The key of RFC 9530's registry; {@code sha3-256} is not registered and follows its pattern. */
    public String httpName() {
        return httpName;
    }

    /** Octets of a value. */
    public int octets() {
        return octets;
    }

    public static Optional<DigestAlgorithm> ofHttpName(String name) {
        for (DigestAlgorithm algorithm : values()) {
            if (algorithm.httpName.equals(name.strip().toLowerCase(Locale.ROOT))) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }
}
