package org.holdfast.contract;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * What a storage node says of its copy when it has done something by a worker's ticket, under a key that this node and the
 * masters have, and no worker. The worker carries it to the masters, who believe no worker about what lies on a disk (ADR
 * 0057). It is good for one attempt at one task, so that none can be shown twice.
 *
 * <p>Text form: {@code keyId . code}, where the code is an HMAC-SHA-256 in base64url.
 */
public final class Receipts {
    /** Header of the node's answer. */
    public static final String HEADER = "Holdfast-Receipt";

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeys keys;

    Receipts(SecretKeys keys) {
        this.keys = keys;
    }

    /** What can be said of a copy. */
    public enum Fact {
        /** It is here, and its digests are right. */
        HERE,
        /** It is not here, or not any more. */
        GONE,
        /** Its digests were wrong. */
        BAD
    }

    /** The text that says so. */
    public String of(Ticket.Errand errand, Fact fact) {
        return text(keys.signingId(), keys.mac(message(errand, fact)));
    }

    /** Whether this node has said so, with whatever text that came by way of others. */
    public boolean prove(String text, Ticket.Errand errand, Fact fact) {
        String keyId = text.substring(0, Math.max(0, text.indexOf('.')));
        return keys.mac(keyId, message(errand, fact))
                .filter(mac -> MessageDigest.isEqual(bytes(text(keyId, mac)), bytes(text)))
                .isPresent();
    }

    private static byte[] message(Ticket.Errand errand, Fact fact) {
        return bytes(errand.taskId() + "\n" + errand.attempt() + "\n" + fact);
    }

    private static String text(String keyId, byte[] mac) {
        return keyId + "." + ENCODER.encodeToString(mac);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
