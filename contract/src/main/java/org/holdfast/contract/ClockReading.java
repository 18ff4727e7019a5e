package org.holdfast.contract;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A master's time, sealed for one node ({@code GET /internal/v1/clock?node=…&nonce=…}). Anybody may ask: whose clock
 * is wrong can't sign a call. The nonce proves that the answer is not an old one.
 *
 * @param nonce the asker's, 16 to 64 letters and digits
 * @param now the master's time
 * @param keyId key of the seal
 * @param seal HMAC over nonce and time, hexadecimal
 */
public record ClockReading(String nonce, Instant now, String keyId, String seal) {
    /** Where members answer it. */
    public static final String PATH = "/internal/v1/clock";

    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9]{16,64}");
    private static final HexFormat HEX = HexFormat.of();

    /**
     * An answer.
     *
     * @throws HoldfastException INVALID {@code invalid-parameter} for a nonce that is none
     */
    public static ClockReading of(String nonce, Instant now, SecretKeys keys) {
        if (!NONCE.matcher(nonce).matches()) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "A nonce has 16 to 64 letters and digits.");
        }
        return new ClockReading(nonce, now, keys.signingId(), HEX.formatHex(keys.mac(message(nonce, now))));
    }

    /** Whether it was made with one of these keys for this nonce. */
    public boolean isTrue(String asked, SecretKeys keys) {
        return nonce.equals(asked) && keys.verify(keyId, message(nonce, now), HEX.parseHex(seal));
    }

    /** Other words than a signed call's, so that neither passes for the other. */
    private static byte[] message(String nonce, Instant now) {
        return String.join("\n", "holdfast-clock-1", nonce, now.toString()).getBytes(StandardCharsets.UTF_8);
    }

    public JsonObject toJson() {
        return JsonText.object()
                .add("nonce", nonce)
                .add("now", now.toString())
                .add("key", keyId)
                .add("seal", seal)
                .build();
    }

    /**
     * Reads one.
     *
     * @throws HoldfastException INVALID {@code invalid-parameter}
     */
    public static ClockReading fromJson(JsonObject json) {
        try {
            return new ClockReading(
                    json.getString("nonce"),
                    Instant.parse(json.getString("now")),
                    json.getString("key"),
                    json.getString("seal"));
        } catch (NullPointerException | ClassCastException | DateTimeParseException e) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", "The body is no time.", e);
        }
    }
}
