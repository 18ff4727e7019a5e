package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.SecretKeys;

/**
 * Texts that only this cluster's masters can make, for secrets that they need not keep: session tokens, one-time links.
 *
 * <p>Form: {@code base64url(text) . keyId . base64url(HMAC-SHA-256(base64url(text) . keyId))}, safe in a URL. Each purpose
 * has a key of its own, which never leaves masters, so that no kind is taken for another.
 */
@ApplicationScoped
public class SealedText {
    private static final int MAX_LENGTH = 4 * 1024;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    @Inject
    MasterKeys keys;

    /** The sealed form of a text. */
    public String seal(String purpose, String text) {
        SecretKeys own = keys.forPurpose(purpose);
        String signed = ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "." + own.signingId();
        return signed + "." + ENCODER.encodeToString(own.mac(bytes(signed)));
    }

    /** The text, when its seal is right and was made for this purpose. */
    public Optional<String> open(String purpose, String sealed) {
        String[] parts = sealed.length() > MAX_LENGTH ? new String[0] : sealed.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            byte[] mac = DECODER.decode(parts[2]);
            // 32 octets leave two bits of the last character unused: without the second check four texts would do.
            boolean right = keys.forPurpose(purpose).verify(parts[1], bytes(parts[0] + "." + parts[1]), mac)
                    && ENCODER.encodeToString(mac).equals(parts[2]);
            return right ? Optional.of(new String(DECODER.decode(parts[0]), StandardCharsets.UTF_8)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] bytes(String signed) {
        return signed.getBytes(StandardCharsets.UTF_8);
    }
}
