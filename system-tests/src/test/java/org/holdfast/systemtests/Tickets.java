package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tickets as an attacker would alter them, and as only the owner of the cluster's key can make them. */
final class Tickets {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final String keyId;
    private final byte[] key;

    private Tickets(String keyId, byte[] key) {
        this.keyId = keyId;
        this.key = key;
    }

    static Tickets withKeyOf(TestCluster cluster) {
        try {
            String[] line = Files.readAllLines(cluster.data().resolve("secrets/cluster.key"))
                    .get(0)
                    .split(":", 2);
            return new Tickets(line[0], HexFormat.of().parseHex(line[1].strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One who knows the key's name, but not the key. */
    Tickets withWrongKey() {
        return new Tickets(keyId, Bytes.random(32, 99));
    }

    static JsonObject claims(String ticket) {
        String json = new String(Base64.getUrlDecoder().decode(ticket.split("\\.", -1)[0]), UTF_8);
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    /** The same ticket with other claims and the old signature. */
    static String altered(String ticket, JsonObject claims) {
        String[] parts = ticket.split("\\.", -1);
        return ENCODER.encodeToString(claims.toString().getBytes(UTF_8)) + "." + parts[1] + "." + parts[2];
    }

    static JsonObject expiring(JsonObject claims, Instant at) {
        return Json.createObjectBuilder(claims).add("exp", at.toEpochMilli()).build();
    }

    /** A ticket with these claims, signed with this key. */
    String sealed(JsonObject claims) {
        String signed = ENCODER.encodeToString(claims.toString().getBytes(UTF_8)) + "." + keyId;
        return signed + "." + ENCODER.encodeToString(mac(signed));
    }

    /** The Authorization header of a call between members. */
    String signedCall(String method, String pathAndQuery, byte[] body, Instant at) {
        String digest = Bytes.sha256(body);
        String message =
                String.join("\n", "holdfast-call-1", method, pathAndQuery, Long.toString(at.toEpochMilli()), digest);
        return "Holdfast key=" + keyId + ",at=" + at.toEpochMilli() + ",body=" + digest + ",signature="
                + HexFormat.of().formatHex(mac(message));
    }

    private byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
