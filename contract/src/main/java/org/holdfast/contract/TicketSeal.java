package org.holdfast.contract;

import jakarta.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Turns tickets for one storage node into text that can't be forged, and back. Masters and this node have the key, and
 * nobody else; ADR 0044 tells why a ticket is not signed with a private key.
 *
 * <p>Text form: {@code claims . keyId . seal}, where the seal is an HMAC-SHA-256 over all that stands before it, cut to 128
 * bits (RFC 2104, section 5), and each part is in base64url, safe in a URL. The ticket of an upload has more seals over
 * {@code claims . keyId} before the node's: one under a key that masters alone have, by which they know their own ticket
 * when it comes back with a commit; and one for each partner, covered so that the node can use it and the client can't.
 */
public final class TicketSeal {
    /** The longest path of names full of quotation marks, which JSON doubles, and 18 partners; fits into a request's head. */
    private static final int MAX_LENGTH = 24 * 1024;

    private static final int SEAL_OCTETS = 16;
    private static final int CLAIMS = 0;
    private static final int KEY_ID = 1;
    private static final int MASTERS = 2;
    private static final int FIRST_PARTNER = 3;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private final String node;
    private final SecretKeys keys;
    private final Clock clock;

    /**
     * Of one node.
     *
     * @param node its name
     * @param keys {@link MemberKeys#tickets}
     */
    public TicketSeal(String node, SecretKeys keys, Clock clock) {
        this.node = node;
        this.keys = keys;
        this.clock = clock;
    }

    /** A ticket that is good at this node alone. */
    public String seal(Ticket ticket) {
        return sealed(head(ticket));
    }

    /**
     * A ticket to upload by.
     *
     * @param masters keys that masters alone have
     * @param partners keys of those that the ticket's terms name, in their order
     */
    public String seal(Ticket ticket, SecretKeys masters, List<SecretKeys> partners) {
        String head = head(ticket);
        var text = new StringBuilder(head).append('.').append(ENCODER.encodeToString(seal(masters, head)));
        for (int i = 0; i < partners.size(); i++) {
            text.append('.').append(ENCODER.encodeToString(covered(seal(partners.get(i), head), head, i)));
        }
        return sealed(text.toString());
    }

    private String head(Ticket ticket) {
        return ENCODER.encodeToString(ticket.toJson().toString().getBytes(StandardCharsets.UTF_8)) + "."
                + keys.signingId();
    }

    private String sealed(String text) {
        return text + "." + ENCODER.encodeToString(seal(keys, text));
    }

    private static byte[] seal(SecretKeys keys, String text) {
        return Arrays.copyOf(keys.mac(bytes(text)), SEAL_OCTETS);
    }

    /** Covers a partner's seal for the client, or uncovers it: no two tickets have the same claims, nor the same cover. */
    private byte[] covered(byte[] seal, String head, int partner) {
        String keyId = head.substring(head.indexOf('.') + 1);
        byte[] cover =
                keys.mac(keyId, bytes("partner\n" + partner + "\n" + head)).orElseThrow(TicketSeal::invalid);
        byte[] result = new byte[SEAL_OCTETS];
        for (int i = 0; i < SEAL_OCTETS; i++) {
            result[i] = (byte) (seal[i] ^ cover[i]);
        }
        return result;
    }

    /**
     * What a text allows this node, when its seal is right and it has not expired.
     *
     * @throws HoldfastException FORBIDDEN {@code ticket-invalid} or {@code ticket-expired}
     */
    public Ticket open(String text) {
        Ticket ticket = claims(parts(text)).asSeenBy(node);
        if (!clock.instant().isBefore(ticket.expiresAt())) {
            throw HoldfastException.of(
                    FailureKind.FORBIDDEN, "ticket-expired", "This ticket has expired; ask a master for a new one.");
        }
        return ticket;
    }

    /**
     * As a master knows its own ticket again, which this node shows with a commit. Time does not matter: a transfer may take
     * longer than the life of the ticket that began it.
     *
     * @param masters keys that masters alone have
     * @throws HoldfastException FORBIDDEN {@code ticket-invalid}
     */
    public Ticket openOwn(String text, SecretKeys masters) {
        String[] parts = parts(text);
        String head = head(parts);
        byte[] right = masters.mac(parts[KEY_ID], bytes(head)).orElseThrow(TicketSeal::invalid);
        if (parts.length <= FIRST_PARTNER || !isSeal(right, parts[MASTERS])) {
            throw invalid();
        }
        return claims(parts);
    }

    /**
     * The text by which a partner lands the bytes of this node's upload.
     *
     * @param partner its place among the partners that the ticket names, from 0
     * @throws HoldfastException FORBIDDEN {@code ticket-invalid} where the ticket has no seal for it
     */
    public String forPartner(String text, int partner) {
        String[] parts = parts(text);
        int place = FIRST_PARTNER + partner;
        if (place >= parts.length - 1) {
            throw invalid();
        }
        String head = head(parts);
        byte[] covered = octets(parts[place]);
        return head + "." + ENCODER.encodeToString(covered(covered, head, partner));
    }

    private static String head(String[] parts) {
        return parts[CLAIMS] + "." + parts[KEY_ID];
    }

    /** The parts of a text whose last one is this node's seal. */
    private String[] parts(String text) {
        String[] parts = text.length() > MAX_LENGTH ? new String[0] : text.split("\\.", -1);
        if (parts.length <= MASTERS) {
            throw invalid();
        }
        String seal = parts[parts.length - 1];
        byte[] right = keys.mac(parts[KEY_ID], bytes(text.substring(0, text.length() - seal.length() - 1)))
                .orElseThrow(TicketSeal::invalid);
        if (!isSeal(right, seal)) {
            throw invalid();
        }
        return parts;
    }

    /** Compares texts: of 16 octets' last character four bits are unused, so that sixteen texts would decode to them. */
    private static boolean isSeal(byte[] mac, String told) {
        String right = ENCODER.encodeToString(Arrays.copyOf(mac, SEAL_OCTETS));
        return MessageDigest.isEqual(bytes(right), bytes(told));
    }

    private static Ticket claims(String[] parts) {
        try (var reader = JsonText.reader(new String(DECODER.decode(parts[CLAIMS]), StandardCharsets.UTF_8))) {
            return Ticket.fromJson(reader.readObject());
        } catch (JsonException | IllegalArgumentException | ClassCastException | NullPointerException e) {
            throw HoldfastException.of(FailureKind.FORBIDDEN, "ticket-invalid", "This ticket is not valid.", e);
        }
    }

    private static byte[] octets(String part) {
        try {
            byte[] octets = DECODER.decode(part);
            if (octets.length == SEAL_OCTETS) {
                return octets;
            }
        } catch (IllegalArgumentException e) {
            throw HoldfastException.of(FailureKind.FORBIDDEN, "ticket-invalid", "This ticket is not valid.", e);
        }
        throw invalid();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static HoldfastException invalid() {
        return HoldfastException.of(FailureKind.FORBIDDEN, "ticket-invalid", "This ticket is not valid.");
    }
}
