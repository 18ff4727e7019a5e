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

    /** 32 octets fill 42 2/3 characters: four texts decode to the same code, and only one of them may pass. */
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
        assertThat(sealAt(ticket.expiresAt().plusSeconds(3600)).openExpired(text))
                .isEqualTo(ticket);
    }

    @Property(tries = 50)
    void a_ticket_of_another_cluster_is_refused(@ForAll("tickets") Ticket ticket) {
        var foreign = new TicketSeal(
                SecretKeys.parse(List.of("k1:" + "ba".repeat(32))), Clock.fixed(NEW_YEAR, ZoneOffset.UTC));
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
        return new TicketSeal(KEYS, Clock.fixed(now, ZoneOffset.UTC));
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
                Optional.of("anna"));
        assertThat(Ticket.fromJson(get.toJson())).isEqualTo(get);
        assertThat(get.account()).contains("anna");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ticket(
                        Ticket.Operation.COPY,
                        put.blob(),
                        put.address(),
                        put.contentType(),
                        put.expiresAt(),
                        Optional.empty(),
                        Optional.of("anna")));
    }
}
