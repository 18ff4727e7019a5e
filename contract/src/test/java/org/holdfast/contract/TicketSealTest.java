package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TicketSealTest {
    private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");
    private static final String TEXT_CHARACTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ %";
    private static final SecretKeys MASTERS = SecretKeys.parse(List.of("k1:" + "fe".repeat(32)));
    private static final SecretKeys KEYS = SecretKeys.parse(List.of("k1:" + "ab".repeat(32)));

    private final TicketSeal seal = sealAt(NEW_YEAR);

    @Property
    void every_field_comes_back(@ForAll("tickets") Ticket ticket) {
        assertThat(seal.open(seal.seal(ticket))).isEqualTo(ticket);
    }

    @Property
    void a_sealed_ticket_needs_no_escape_in_a_url(@ForAll("tickets") Ticket ticket) {
        assertThat(seal.seal(ticket)).matches("[A-Za-z0-9_.-]+");
    }

    @Property
    void any_changed_character_is_refused(
            @ForAll("tickets") Ticket ticket, @ForAll int position, @ForAll("characters") char other) {
        String text = seal.seal(ticket);
        int at = Math.floorMod(position, text.length());
        if (text.charAt(at) != other) {
            assertRefused(seal, text.substring(0, at) + other + text.substring(at + 1), "ticket-invalid");
        }
    }

    /** 16 octets fill 21 1/3 characters: sixteen texts decode to the same code, and only one of them may pass. */
    @Property(tries = 20)
    void no_other_last_character_is_accepted(@ForAll("tickets") Ticket ticket) {
        String text = seal.seal(ticket);
        long accepted = TEXT_CHARACTERS
                .chars()
                .filter(c -> isAccepted(text.substring(0, text.length() - 1) + (char) c))
                .count();
        assertThat(accepted).isEqualTo(1);
    }

    @Property
    void anything_cut_off_or_added_is_refused(@ForAll("tickets") Ticket ticket, @ForAll int length) {
        String text = seal.seal(ticket);
        assertRefused(seal, text.substring(0, Math.floorMod(length, text.length())), "ticket-invalid");
        assertRefused(seal, text + "A", "ticket-invalid");
        assertRefused(seal, text + "=", "ticket-invalid");
        assertRefused(seal, text + ".", "ticket-invalid");
    }

    @Property
    void any_other_text_is_refused(@ForAll String text) {
        assertRefused(seal, text, "ticket-invalid");
    }

    @Property
    void expires_at_its_instant_and_not_before(@ForAll("tickets") Ticket ticket) {
        String text = seal.seal(ticket);
        assertThat(sealAt(ticket.expiresAt().minusMillis(1)).open(text)).isEqualTo(ticket);
        assertRefused(sealAt(ticket.expiresAt()), text, "ticket-expired");
        String upload = seal.seal(ticket, MASTERS, List.of());
        assertRefused(sealAt(ticket.expiresAt()), upload, "ticket-expired");
        assertThat(sealAt(ticket.expiresAt().plusSeconds(3600)).openOwn(upload, MASTERS))
                .isEqualTo(ticket);
    }

    @Property(tries = 50)
    void a_ticket_of_another_cluster_is_refused(@ForAll("tickets") Ticket ticket) {
        var foreign = new TicketSeal(
                "sn1", SecretKeys.parse(List.of("k1:" + "ba".repeat(32))), Clock.fixed(NEW_YEAR, ZoneOffset.UTC));
        assertRefused(seal, foreign.seal(ticket), "ticket-invalid");
    }

    @Example
    void nobody_puts_another_locks_token_into_a_ticket() {
        Ticket put = Legal.tickets()
                .filter(ticket -> ticket.operation().makesVersion())
                .sample();
        String[] honest = seal.seal(under(put, 7)).split("\\.", -1);
        String[] foreign = seal.seal(under(put, 8)).split("\\.", -1);
        assertRefused(seal, foreign[0] + "." + honest[1] + "." + honest[2], "ticket-invalid");
        assertThat(seal.open(String.join(".", honest)).terms().orElseThrow().lock())
                .contains(new WriteLock(7, Duration.ofSeconds(30)));
    }

    private static Ticket under(Ticket put, long token) {
        var lock = Optional.of(new WriteLock(token, Duration.ofSeconds(30)));
        return new Ticket(
                put.operation(),
                put.blob(),
                put.address(),
                put.contentType(),
                NEW_YEAR.plusSeconds(60),
                put.terms().map(terms -> terms.under(lock)));
    }

    /** A node can't make a ticket that masters take for their own, nor alter one. */
    @Property(tries = 50)
    void masters_know_their_own_tickets(@ForAll("tickets") Ticket ticket, @ForAll int position) {
        String text = seal.seal(ticket, MASTERS, List.of());
        assertThat(seal.openOwn(text, MASTERS)).isEqualTo(ticket);
        var forged = SecretKeys.parse(List.of("k1:" + "00".repeat(32)));
        assertNotOwn(seal, seal.seal(ticket));
        assertNotOwn(seal, seal.seal(ticket, forged, List.of(forged)));
        assertNotOwn(new TicketSeal("sn2", forged, Clock.fixed(NEW_YEAR, ZoneOffset.UTC)), text);
    }

    private static void assertNotOwn(TicketSeal seal, String text) {
        assertThatExceptionOfType(HoldfastException.class)
                .isThrownBy(() -> seal.openOwn(text, MASTERS))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("ticket-invalid"));
    }

    @Example
    void a_partner_lands_the_bytes_and_nobody_but_the_origin_can_use_its_seal() {
        var keys = new MasterKeys(KEYS);
        var partners = List.of("sn2", "sn3");
        Ticket put = Legal.tickets()
                .filter(ticket -> ticket.operation().makesVersion())
                .sample();
        Ticket durable = new Ticket(
                Ticket.Operation.PUT,
                put.blob(),
                put.address(),
                put.contentType(),
                NEW_YEAR.plusSeconds(60),
                under(put, 7)
                        .terms()
                        .map(terms -> terms.with(
                                2,
                                partners.stream()
                                        .map(name -> new TaskMessage.Member(name, "http://x"))
                                        .toList())));
        var partnersKeys =
                partners.stream().map(name -> keys.ofNode(name, "d").tickets()).toList();
        String text = seal.seal(durable, MASTERS, partnersKeys);
        assertThat(seal.open(text)).isEqualTo(durable);
        for (int i = 0; i < 2; i++) {
            String shown = seal.forPartner(text, i);
            Instant late = NEW_YEAR.plus(Duration.ofHours(20));
            Ticket landing =
                    new TicketSeal(partners.get(i), partnersKeys.get(i), Clock.fixed(late, ZoneOffset.UTC)).open(shown);
            assertThat(landing.operation()).isEqualTo(Ticket.Operation.LAND);
            assertThat(landing.terms().orElseThrow().durability()).isEqualTo(1);
            assertThat(landing.terms().orElseThrow().partners()).isEmpty();
            assertThat(landing.terms().orElseThrow().lock()).isEmpty();
            assertRefused(seal, shown, "ticket-invalid");
            // What stands in the client's text is covered.
            String[] parts = text.split("\\.", -1);
            assertRefused(
                    new TicketSeal(partners.get(i), partnersKeys.get(i), Clock.fixed(NEW_YEAR, ZoneOffset.UTC)),
                    parts[0] + "." + parts[1] + "." + parts[3 + i],
                    "ticket-invalid");
        }
        assertThatExceptionOfType(HoldfastException.class).isThrownBy(() -> seal.forPartner(text, 2));
    }

    @Example
    void a_text_of_absurd_length_is_refused_unread() {
        assertRefused(seal, "A".repeat(5_000_000), "ticket-invalid");
    }

    @Example
    void put_terms_belong_to_uploads_that_make_a_version() {
        Ticket put = Legal.tickets()
                .filter(ticket -> ticket.operation().makesVersion())
                .sample();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ticket(
                        Ticket.Operation.GET,
                        put.blob(),
                        put.address(),
                        put.contentType(),
                        put.expiresAt(),
                        put.terms()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ticket(
                        Ticket.Operation.PUT,
                        put.blob(),
                        put.address(),
                        put.contentType(),
                        put.expiresAt(),
                        Optional.empty()));
    }

    private boolean isAccepted(String text) {
        try {
            return seal.open(text) != null;
        } catch (HoldfastException e) {
            return false;
        }
    }

    private static void assertRefused(TicketSeal seal, String text, String code) {
        assertThatExceptionOfType(HoldfastException.class)
                .isThrownBy(() -> seal.open(text))
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.FORBIDDEN))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    private static TicketSeal sealAt(Instant now) {
        return new TicketSeal("sn1", KEYS, Clock.fixed(now, ZoneOffset.UTC));
    }

    @Provide
    Arbitrary<Ticket> tickets() {
        return Legal.tickets();
    }

    @Provide
    Arbitrary<Character> characters() {
        return Arbitraries.of(TEXT_CHARACTERS.chars().mapToObj(c -> (char) c).toList());
    }

    @Example
    void a_ticket_says_for_whom_it_was_made() {
        Ticket put = Legal.tickets()
                .filter(ticket -> ticket.operation().makesVersion())
                .sample();
        assertThat(put.account()).contains(put.terms().orElseThrow().account());
        var get = new Ticket(
                Ticket.Operation.GET,
                put.blob(),
                put.address(),
                put.contentType(),
                put.expiresAt(),
                Optional.empty(),
                Optional.of(
                        new Ticket.Reading("anna", Instant.parse("2026-11-05T08:00:00Z"), Optional.of(Instant.EPOCH))));
        assertThat(Ticket.fromJson(get.toJson())).isEqualTo(get);
        assertThat(get.account()).contains("anna");
        var copy = new Ticket(
                Ticket.Operation.REPLICATE,
                put.blob(),
                put.address(),
                put.contentType(),
                put.expiresAt(),
                Optional.empty(),
                Optional.of(new Ticket.Errand("01KJMZ2M00ABCDEFGHJKMNPQRS", 2)));
        assertThat(Ticket.fromJson(copy.toJson())).isEqualTo(copy);
        assertThat(copy.account()).isEmpty();
        assertThat(get.errand()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ticket(
                        Ticket.Operation.GET,
                        put.blob(),
                        put.address(),
                        put.contentType(),
                        put.expiresAt(),
                        Optional.empty(),
                        copy.holder()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ticket(
                        Ticket.Operation.COPY,
                        put.blob(),
                        put.address(),
                        put.contentType(),
                        put.expiresAt(),
                        Optional.empty(),
                        Optional.of(new Ticket.Reading(
                                "anna", Instant.parse("2026-11-05T08:00:00Z"), Optional.of(Instant.EPOCH)))));
    }
}
