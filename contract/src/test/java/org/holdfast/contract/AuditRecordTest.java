package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class AuditRecordTest {
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00.123456Z");

    private static AuditRecord record(String actor, String object, Optional<String> detail) {
        return new AuditRecord(
                Ulid.next(Clock.systemUTC()),
                AT,
                "sn1",
                new AuditRecord.Who(Optional.of(7L), actor, AuditRecord.Via.TICKET, "192.0.2.7"),
                new AuditRecord.What("blobs.get", object, detail),
                new AuditRecord.Result(206, Optional.of("client-gone"), Optional.of(12L), Duration.ofMillis(3)));
    }

    @Property(tries = 200)
    void comes_back_from_its_json_whatever_its_texts_hold(@ForAll String actor, @ForAll String object) {
        AuditRecord record = record(actor, object, Optional.of(object));
        assertThat(AuditRecord.ofBatch(AuditRecord.batch(List.of(record, record))))
                .containsExactly(record, record);
    }

    @Property(tries = 200)
    void holds_nothing_that_would_begin_another_line(@ForAll String text) {
        AuditRecord record = record(text, text, Optional.of(text));
        assertThat(record.who().actor()
                        + record.what().object()
                        + record.what().detail().orElseThrow())
                .doesNotContainPattern("[\\p{Cntrl}\\u0085\\u2028\\u2029\\u202e]");
    }

    @Example
    void what_is_left_out_stays_away() {
        var record = new AuditRecord(
                Ulid.next(Clock.systemUTC()),
                AT,
                "m1",
                new AuditRecord.Who(Optional.empty(), "", AuditRecord.Via.NOBODY, "::1"),
                new AuditRecord.What("session.open", ""),
                new AuditRecord.Result(201, Optional.empty(), Optional.empty(), Duration.ZERO));
        assertThat(AuditRecord.fromJson(record.toJson())).isEqualTo(record);
        assertThat(record.toJson()).doesNotContainKeys("account", "detail", "code", "bytes");
        assertThat(record.who().actor()).isEqualTo("-");
    }

    @Example
    void control_characters_are_shown_by_their_number_and_long_texts_are_cut_between_characters() {
        assertThat(PlainText.of("a\nb\tc\u0000", 100)).isEqualTo("a\\u000ab\\u0009c\\u0000");
        assertThat(PlainText.of("evil\u202etxt.exe", 100)).isEqualTo("evil\\u202etxt.exe");
        assertThat(PlainText.of("\ud800x", 100)).isEqualTo("\\ud800x");
        assertThat(PlainText.of("ab\ud83d\ude00c", 3)).isEqualTo("ab");
        assertThat(PlainText.of("ab\n", 5)).isEqualTo("ab");
        assertThat(record("x".repeat(500), "y".repeat(9_000), Optional.empty())
                        .what()
                        .object())
                .hasSize(4_200);
    }

    @Example
    void an_id_is_a_ulid() {
        AuditRecord good = record("anna", "anna/a", Optional.empty());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AuditRecord("no id", AT, "m1", good.who(), good.what(), good.result()));
    }
}
