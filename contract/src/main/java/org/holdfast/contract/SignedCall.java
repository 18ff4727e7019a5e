package org.holdfast.contract;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Proves who calls, between one storage node and the masters: an {@code Authorization} header over the node's name,
 * method, path, time and body. Either direction has a key of its own ({@link MemberKeys}).
 *
 * <p>{@code Holdfast member=NAME,key=ID,at=EPOCHMILLIS,body=SHA256HEX,signature=HMACHEX}. A call is honoured within {@link
 * #TOLERANCE} of its time. Calls are idempotent, so that a replay within that span changes nothing.
 */
public final class SignedCall {
    /** How far the clocks of two members may differ. */
    public static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** Code of the refusal of a call whose signature is right and whose time is not. */
    public static final String CLOCK_SKEW = "clock-skew";

    private static final String SCHEME = "Holdfast ";
    private static final HexFormat HEX = HexFormat.of();

    private final String member;
    private final SecretKeys keys;
    private final Clock clock;

    /**
     * Signs and verifies calls of one direction.
     *
     * @param member name of the node that calls or is called
     */
    public SignedCall(String member, SecretKeys keys, Clock clock) {
        this.member = member;
        this.keys = keys;
        this.clock = clock;
    }

    /** Name of the node that a call says to be between; to be believed once the call has been verified with its keys. */
    public static Optional<String> memberOf(@Nullable String authorization) {
        return authorization == null || !authorization.startsWith(SCHEME)
                ? Optional.empty()
                : Optional.ofNullable(
                        fields(authorization.substring(SCHEME.length())).get("member"));
    }

    /** The refusal of a call by nobody who is known. */
    public static HoldfastException unknownMember() {
        return refused("This endpoint answers signed calls of the cluster's members only.");
    }

    /**
     * Value of the {@code Authorization} header.
     *
     * @param pathAndQuery raw, as on the request line
     * @param body the whole body; empty for none
     */
    public String authorize(String method, String pathAndQuery, byte[] body) {
        long at = clock.millis();
        String digest = sha256(body);
        byte[] mac = keys.mac(message(method, pathAndQuery, at, digest));
        return SCHEME
                + "member=" + member
                + ",key=" + keys.signingId()
                + ",at=" + at
                + ",body=" + digest
                + ",signature=" + HEX.formatHex(mac);
    }

    /**
     * Lets a call pass or not.
     *
     * @param authorization the header's value, or null when it is missing
     * @throws HoldfastException UNAUTHENTICATED {@code cluster-signature-required}, or {@link #CLOCK_SKEW} when only its
     *     time is wrong
     */
    public void verify(@Nullable String authorization, String method, String pathAndQuery, byte[] body) {
        verifyHead(authorization, method, pathAndQuery).requireBody(body);
    }

    /**
     * As {@link #verify}, but for the body, of which the head tells the digest: so nothing of it need be read for somebody
     * who is no member.
     */
    public Head verifyHead(@Nullable String authorization, String method, String pathAndQuery) {
        if (authorization == null || !authorization.startsWith(SCHEME)) {
            throw unknownMember();
        }
        Map<String, String> fields = fields(authorization.substring(SCHEME.length()));
        String digest = fields.getOrDefault("body", "");
        long at;
        byte[] mac;
        try {
            at = Long.parseLong(fields.getOrDefault("at", ""));
            mac = HEX.parseHex(fields.getOrDefault("signature", ""));
        } catch (IllegalArgumentException e) {
            throw HoldfastException.of(
                    FailureKind.UNAUTHENTICATED, "cluster-signature-required", "The call's signature is malformed.", e);
        }
        boolean signed = keys.verify(fields.getOrDefault("key", ""), message(method, pathAndQuery, at, digest), mac);
        boolean sameMember = member.equals(fields.get("member"));
        if (!signed || !sameMember) {
            throw refused("The call's signature is wrong.");
        }
        if (Math.abs(clock.millis() - at) > TOLERANCE.toMillis()) {
            throw HoldfastException.of(
                    FailureKind.UNAUTHENTICATED,
                    CLOCK_SKEW,
                    "The call's time differs from this member's clock by more than " + TOLERANCE.toMinutes()
                            + " minutes; set the clocks right.");
        }
        return new Head(digest);
    }

    /**
     * A call that comes from a member, so far as its head tells.
     *
     * @param bodyDigest what it has signed of its body
     */
    public record Head(String bodyDigest) {
        /** UNAUTHENTICATED {@code cluster-signature-required} unless this is the body that was signed. */
        public void requireBody(byte[] body) {
            boolean sameBody = MessageDigest.isEqual(
                    sha256(body).getBytes(StandardCharsets.US_ASCII), bodyDigest.getBytes(StandardCharsets.UTF_8));
            if (!sameBody) {
                throw refused("The call's signature is wrong.");
            }
        }
    }

    /** Path and query as caller and called must both spell them; raw, as on the request line. */
    public static String pathAndQuery(String rawPath, @Nullable String rawQuery) {
        return rawQuery == null ? rawPath : rawPath + "?" + rawQuery;
    }

    private byte[] message(String method, String pathAndQuery, long at, String bodyDigest) {
        return String.join("\n", "holdfast-call-2", member, method, pathAndQuery, Long.toString(at), bodyDigest)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, String> fields(String text) {
        var fields = new HashMap<String, String>();
        for (String field : text.split(",", -1)) {
            String[] pair = field.split("=", 2);
            if (pair.length == 2) {
                fields.put(pair[0].strip(), pair[1].strip());
            }
        }
        return fields;
    }

    private static String sha256(byte[] body) {
        try {
            return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static HoldfastException refused(String sentence) {
        return HoldfastException.of(FailureKind.UNAUTHENTICATED, "cluster-signature-required", sentence);
    }
}
