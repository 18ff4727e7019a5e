package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class UlidTest {
    private static final long LAST_MILLI = (1L << 48) - 1;

    @Property
    void sorts_by_time(@ForAll @LongRange(max = LAST_MILLI) long one, @ForAll @LongRange(max = LAST_MILLI) long other) {
        String first = Ulid.next(at(Math.min(one, other)));
        String second = Ulid.next(at(Math.max(one, other)));
        assertThat(first.substring(0, 10)).isLessThanOrEqualTo(second.substring(0, 10));
        if (one != other) {
            assertThat(first).isLessThan(second);
        }
    }

    /** The example of the ULID specification: 1469918176385 is 01ARYZ6S41. */
    @Example
    void writes_the_time_as_the_specification_does() {
        assertThat(Ulid.next(at(1469918176385L))).startsWith("01ARYZ6S41").hasSize(Ulid.LENGTH);
    }

    @Example
    void differs_within_a_millisecond() {
        var seen = new HashSet<String>();
        for (int i = 0; i < 10_000; i++) {
            String id = Ulid.next(at(1));
            assertThat(Ulid.isValid(id)).isTrue();
            seen.add(id);
        }
        assertThat(seen).hasSize(10_000);
    }

    @Property
    void a_blob_id_is_nothing_else(@ForAll String text) {
        assertThatExceptionOfType(HoldfastException.class)
                .isThrownBy(() -> new BlobId(text))
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FailureKind.INVALID));
    }

    @Example
    void a_blob_id_can_not_leave_its_directory() {
        for (String text : new String[] {"../../../../../etc/passwd", "0".repeat(25) + "/", "0".repeat(25) + "l", ""}) {
            assertThatExceptionOfType(HoldfastException.class).isThrownBy(() -> new BlobId(text));
        }
        assertThat(new BlobId("0".repeat(26)).value()).hasSize(26);
    }

    private static Clock at(long millis) {
        return Clock.fixed(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }
}
