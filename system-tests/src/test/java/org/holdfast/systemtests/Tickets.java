package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tickets and signed calls as they are made with the key that one storage node shares with the masters, and as an attacker
 * would alter them.
 */
final class Tickets {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final int SEAL_OCTETS = 16;

    private final String node;
    private final String keyId;
    private final byte[] key;

    private Tickets(String node, String keyId, byte[] key) {
        this.node = node;
        this.keyId = keyId;
        this.key = key;
    }

    /** As masters make them for a node, from their own secret. */
    static Tickets of(TestCluster cluster, String node) {
        String[] line = firstLine(cluster.data().resolve("secrets/master.key"));
        String disk = record(cluster, node).getString("diskUuid");
        byte[] secret = HexFormat.of().parseHex(line[1].strip());
        return new Tickets(node, line[0], derived(secret, "node", node, disk));
    }

    /** A text as masters seal it for one of their purposes: the code of a mail, for instance. */
    static String sealedByMasters(TestCluster cluster, String purpose, String text) {
        String[] line = firstLine(cluster.data().resolve("secrets/master.key"));
        byte[] key = derived(HexFormat.of().parseHex(line[1].strip()), "master", purpose);
        String signed = ENCODER.encodeToString(text.getBytes(UTF_8)) + "." + line[0];
        return signed + "." + ENCODER.encodeToString(mac(key, signed));
    }

    /** As whoever has a node's data directory makes them. */
    static Tickets ofThief(TestCluster cluster, String node) {
        String[] line = record(cluster, node).getJsonArray("keys").getString(0).split(":", 2);
        return new Tickets(node, line[0], HexFormat.of().parseHex(line[1]));
    }

    static String diskOf(TestCluster cluster, String node) {
        return record(cluster, node).getString("diskUuid");
    }

    /** A text sealed in the form of sessions and links, with the key as it is and as it is used. */
    List<String> asWhateverElse(String content) {
        String signed = ENCODER.encodeToString(content.getBytes(UTF_8)) + "." + keyId;
        return Stream.of(key, derived(key, "tickets"), derived(key, "calls-to-masters"))
                .map(used -> signed + "." + ENCODER.encodeToString(mac(used, signed)))
                .toList();
    }

    /** The same key, in the name of another node. */
    Tickets as(String other) {
        return new Tickets(other, keyId, key);
    }

    private static JsonObject record(TestCluster cluster, String node) {
        Path file = cluster.data().resolve("nodes").resolve(node).resolve("node.json");
        try (var reader = Json.createReader(Files.newBufferedReader(file))) {
            return reader.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String[] firstLine(Path file) {
        try {
            return Files.readAllLines(file).get(0).split(":", 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One who knows the key's name, but not the key. */
    Tickets withWrongKey() {
        return new Tickets(node, keyId, Bytes.random(32, 99));
    }

    static JsonObject claims(String ticket) {
        String json = new String(Base64.getUrlDecoder().decode(ticket.split("\\.", -1)[0]), UTF_8);
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    /** The same ticket with other claims and the old seal. */
    static String altered(String ticket, JsonObject claims) {
        return ENCODER.encodeToString(claims.toString().getBytes(UTF_8)) + ticket.substring(ticket.indexOf('.'));
    }

    static JsonObject expiring(JsonObject claims, Instant at) {
        return Json.createObjectBuilder(claims).add("exp", at.toEpochMilli()).build();
    }

    /** A ticket with these claims, sealed with this key. */
    String sealed(JsonObject claims) {
        String signed = ENCODER.encodeToString(claims.toString().getBytes(UTF_8)) + "." + keyId;
        return signed + "." + seal(signed);
    }

    /** One for an upload, with a seal as if masters had put it in. */
    String sealedUpload(JsonObject claims) {
        String signed = ENCODER.encodeToString(claims.toString().getBytes(UTF_8)) + "." + keyId;
        String more = signed + "." + seal(signed);
        return more + "." + seal(more);
    }

    /** What the node says of its copy by way of a worker. */
    String receipt(String task, int attempt, String fact) {
        return keyId + "." + ENCODER.encodeToString(mac(derived(key, "receipts"), task + "\n" + attempt + "\n" + fact));
    }

    private String seal(String text) {
        return ENCODER.encodeToString(Arrays.copyOf(mac(derived(key, "tickets"), text), SEAL_OCTETS));
    }

    /** The Authorization header of a master's call to the node. */
    String callOfMaster(String method, String pathAndQuery, byte[] body, Instant at) {
        return call("calls-of-masters", method, pathAndQuery, body, at);
    }

    /** The Authorization header of the node's call to a master. */
    String callToMaster(String method, String pathAndQuery, byte[] body, Instant at) {
        return call("calls-to-masters", method, pathAndQuery, body, at);
    }

    private String call(String direction, String method, String pathAndQuery, byte[] body, Instant at) {
        String digest = Bytes.sha256(body);
        long millis = at.toEpochMilli();
        String message =
                String.join("\n", "holdfast-call-2", node, method, pathAndQuery, Long.toString(millis), digest);
        return "Holdfast member=" + node + ",key=" + keyId + ",at=" + millis + ",body=" + digest + ",signature="
                + HexFormat.of().formatHex(mac(derived(key, direction), message));
    }

    private static byte[] derived(byte[] key, String... label) {
        return mac(key, "holdfast-key-1\n" + String.join("\n", label));
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
