package org.holdfast.contract;

import jakarta.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;

/**
 * Turns tickets into text that can't be forged, and back.
 *
 * <p>Text form: {@code base64url(claims) . keyId . base64url(HMAC-SHA-256(claims . keyId))}, safe in a URL.
 */
public final class TicketSeal {
    private static final int MAX_LENGTH = 16 * 1024;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private final SecretKeys keys;
    private final Clock clock;

    public TicketSeal(SecretKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    public String seal(Ticket ticket) {
        String claims = ENCODER.encodeToString(ticket.toJson().toString().getBytes(StandardCharsets.UTF_8));
        String signed = claims + "." + keys.signingId();
        return signed + "." + ENCODER.encodeToString(keys.mac(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    /**
     * The ticket behind a text, when its signature is right and it has not expired.
     *
     * @throws HoldfastException FORBIDDEN {@code ticket-invalid} or {@code ticket-expired}
     */
    public Ticket open(String text) {
        Ticket ticket = openExpired(text);
        if (!clock.instant().isBefore(ticket.expiresAt())) {
            throw HoldfastException.of(
                    FailureKind.FORBIDDEN, "ticket-expired", "This ticket has expired; ask a master for a new one.");
        }
        return ticket;
    }

    /**
     * As {@link #open}, but time does not matter: a commit may arrive after the ticket that started its upload has
     * expired, since the transfer itself may take longer than the ticket's life.
     */
    public Ticket openExpired(String text) {
        String[] parts = text.length() > MAX_LENGTH ? new String[0] : text.split("\\.", -1);
        if (parts.length != 3) {
            throw invalid();
        }
        try {
            byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.UTF_8);
            byte[] mac = DECODER.decode(parts[2]);
            // 32 octets leave two bits of the last character unused: without the second check four texts would do.
            if (!keys.verify(parts[1], signed, mac)
                    || !ENCODER.encodeToString(mac).equals(parts[2])) {
                throw invalid();
            }
            String claims = new String(DECODER.decode(parts[0]), StandardCharsets.UTF_8);
            try (var reader = JsonText.reader(claims)) {
                return Ticket.fromJson(reader.readObject());
            }
        } catch (JsonException | IllegalArgumentException | ClassCastException | NullPointerException e) {
            throw HoldfastException.of(FailureKind.FORBIDDEN, "ticket-invalid", "This ticket is not valid.", e);
        }
    }

    private static HoldfastException invalid() {
        return HoldfastException.of(FailureKind.FORBIDDEN, "ticket-invalid", "This ticket is not valid.");
    }
}
