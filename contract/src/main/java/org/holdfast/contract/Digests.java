package org.holdfast.contract;

import jakarta.json.JsonObject;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Digest values of one sequence of bytes, as lower-case hexadecimal text.
 *
 * @param values at most one per algorithm; may be empty where a client told none
 */
public record Digests(Map<DigestAlgorithm, String> values) {
    /** No digest known. */
    public static final Digests NONE = new Digests(Map.of());

    private static final HexFormat HEX = HexFormat.of();

    public Digests {
        values = Map.copyOf(values);
        values.forEach((algorithm, hex) -> {
            if (!hex.matches("[0-9a-f]{" + 2 * algorithm.octets() + "}")) {
                throw invalid("The " + algorithm.httpName() + " digest has not the right length or form.");
            }
        });
    }

    /** The digests of a blob that has landed; the optional ones are null where nobody asked for them. */
    public static Digests of(String md5, String sha256, @Nullable String sha1, @Nullable String sha3) {
        var values = new EnumMap<DigestAlgorithm, String>(DigestAlgorithm.class);
        values.put(DigestAlgorithm.MD5, md5);
        values.put(DigestAlgorithm.SHA_256, sha256);
        if (sha1 != null) {
            values.put(DigestAlgorithm.SHA_1, sha1);
        }
        if (sha3 != null) {
            values.put(DigestAlgorithm.SHA3_256, sha3);
        }
        return new Digests(values);
    }

    /**
     * What a client told about the bytes it sends.
     *
     * @param contentMd5 value of {@code Content-MD5} (RFC 1864), or null
     * @param reprDigest value of {@code Repr-Digest} or {@code Content-Digest} (RFC 9530), or null; unknown algorithms
     *     are ignored, as the RFC asks
     * @throws HoldfastException INVALID for a malformed value, or two that contradict each other
     */
    public static Digests fromHeaders(@Nullable String contentMd5, @Nullable String reprDigest) {
        var found = new EnumMap<DigestAlgorithm, String>(DigestAlgorithm.class);
        if (reprDigest != null) {
            for (String member : reprDigest.split(",", -1)) {
                readMember(member, found);
            }
        }
        if (contentMd5 != null) {
            String hex = hex(contentMd5.strip());
            if (!found.getOrDefault(DigestAlgorithm.MD5, hex).equals(hex)) {
                throw invalid("Content-MD5 and Repr-Digest contradict each other.");
            }
            found.put(DigestAlgorithm.MD5, hex);
        }
        return new Digests(found);
    }

    private static void readMember(String member, Map<DigestAlgorithm, String> found) {
        int equals = member.indexOf('=');
        if (equals < 0) {
            throw invalid("A digest header looks like: sha-256=:base64:");
        }
        String value = member.substring(equals + 1).strip();
        if (value.length() < 2 || !value.startsWith(":") || !value.endsWith(":")) {
            throw invalid("A digest header looks like: sha-256=:base64:");
        }
        DigestAlgorithm.ofHttpName(member.substring(0, equals))
                .ifPresent(algorithm -> found.put(algorithm, hex(value.substring(1, value.length() - 1))));
    }

    /**
     * The algorithms that {@code Want-Repr-Digest} asks for beyond the two that are always computed.
     *
     * @param wanted for example {@code sha=1, sha3-256=5}; a weight of 0 means not wanted
     */
    public static Set<DigestAlgorithm> wanted(@Nullable String wanted) {
        var algorithms = EnumSet.noneOf(DigestAlgorithm.class);
        if (wanted != null) {
            for (String member : wanted.split(",", -1)) {
                String[] parts = member.split("=", 2);
                boolean refused = parts.length == 2 && parts[1].strip().equals("0");
                DigestAlgorithm.ofHttpName(parts[0])
                        .filter(algorithm -> !refused)
                        .ifPresent(algorithms::add);
            }
        }
        return Set.copyOf(algorithms);
    }

    public Optional<String> get(DigestAlgorithm algorithm) {
        return Optional.ofNullable(values.get(algorithm));
    }

    /** The value of an algorithm that is known to be there. */
    public String require(DigestAlgorithm algorithm) {
        return get(algorithm).orElseThrow(() -> invalid("The " + algorithm.httpName() + " digest is missing."));
    }

    /** The strong validator of RFC 9110 for these bytes: the quoted SHA-256. */
    public String etag() {
        return '"' + require(DigestAlgorithm.SHA_256) + '"';
    }

    /**
     * Whether every digest that {@code expected} names is present here with the same value; compared in constant time.
     */
    public boolean satisfy(Digests expected) {
        boolean same = true;
        for (var entry : expected.values.entrySet()) {
            byte[] actual =
                    values.getOrDefault(entry.getKey(), "").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            same &= MessageDigest.isEqual(
                    actual, entry.getValue().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        return same;
    }

    /** Value of a {@code Repr-Digest} header: {@code sha-256=:…:, md5=:…:}. */
    public String reprDigest() {
        return values.entrySet().stream()
                .sorted(Map.Entry.<DigestAlgorithm, String>comparingByKey().reversed())
                .map(entry -> entry.getKey().httpName() + "=:" + base64(entry.getValue()) + ":")
                .collect(Collectors.joining(", "));
    }

    /** Value of a {@code Content-MD5} header, where MD5 is known. */
    public Optional<String> contentMd5() {
        return get(DigestAlgorithm.MD5).map(Digests::base64);
    }

    /** {@code {"md5":"hex","sha-256":"hex"}}. */
    public JsonObject toJson() {
        var json = JsonText.object();
        values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> json.add(entry.getKey().httpName(), entry.getValue()));
        return json.build();
    }

    public static Digests fromJson(JsonObject json) {
        var found = new EnumMap<DigestAlgorithm, String>(DigestAlgorithm.class);
        json.forEach((name, value) -> DigestAlgorithm.ofHttpName(name)
                .ifPresent(
                        algorithm -> found.put(algorithm, json.getString(name).toLowerCase(Locale.ROOT))));
        return new Digests(found);
    }

    private static String hex(String base64) {
        try {
            return HEX.formatHex(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "A digest in a header must be base64.", e);
        }
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HEX.parseHex(hex));
    }

    private static HoldfastException invalid(String sentence) {
        return HoldfastException.of(FailureKind.INVALID, "invalid-parameter", sentence);
    }
}
