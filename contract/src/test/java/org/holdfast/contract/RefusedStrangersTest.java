package org.holdfast.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusedStrangersTest {
    private static final RefusedStrangers.Bounds BOUNDS = new RefusedStrangers.Bounds(7, 90);

    private Instant now = Instant.parse("2026-11-30T00:00:00Z");

    private final Clock clock = new Clock() {
        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    private final RefusedStrangers strangers = new RefusedStrangers(BOUNDS, clock);

    private AuditRecord record(Optional<Long> account, AuditRecord.Via via, String address, String object, int status) {
        return new AuditRecord(
                Ulid.next(clock),
                now,
                "m1",
                new AuditRecord.Who(account, "anna", via, address),
                new AuditRecord.What("files.get", object),
                new AuditRecord.Result(status, Optional.empty(), Optional.empty(), Duration.ZERO));
    }

    private AuditRecord refused(String address) {
        return record(Optional.empty(), AuditRecord.Via.PASSWORD, address, "a/b", 401);
    }

    @Test
    void aStrangerIsWhoWasRefusedAndHasNoAccount() {
        assertThat(RefusedStrangers.isOne(refused("192.0.2.7"))).isTrue();
        assertThat(RefusedStrangers.isOne(record(Optional.empty(), AuditRecord.Via.LINK, "x", "a", 404)))
                .isTrue();
        assertThat(RefusedStrangers.isOne(record(Optional.empty(), AuditRecord.Via.LINK, "x", "a", 200)))
                .isFalse();
        assertThat(RefusedStrangers.isOne(record(Optional.of(7L), AuditRecord.Via.PASSWORD, "x", "a", 403)))
                .isFalse();
        assertThat(RefusedStrangers.isOne(record(Optional.empty(), AuditRecord.Via.NOBODY, "x", "a", 503)))
                .isFalse();
    }

    @Test
    void theFirstOfAnAddressAndMinuteAreRecordedAndTheOthersCounted() {
        for (int i = 0; i < BOUNDS.each(); i++) {
            assertThat(strangers.admit(refused("2001:db8::" + i))).isPresent();
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(strangers.admit(refused("2001:db8::" + i))).isEmpty();
        }
        assertThat(strangers.admit(refused("192.0.2.8"))).isPresent();
        now = now.plusSeconds(59);
        assertThat(strangers.counted()).isEmpty();
        now = now.plusSeconds(1);
        assertThat(strangers.counted()).singleElement().satisfies(record -> {
            assertThat(record.who().address()).isEqualTo("2001:db8:0:0::/64");
            assertThat(record.who().actor()).isEqualTo("-");
            assertThat(record.component()).isEqualTo("m1");
            assertThat(record.what().action()).isEqualTo(RefusedStrangers.COUNTED);
            assertThat(record.what().detail()).contains("count=1000 since=2026-11-30T00:00:00Z");
            assertThat(record.result().status()).isEqualTo(401);
        });
        assertThat(strangers.counted()).isEmpty();
        assertThat(strangers.admit(refused("2001:db8::1"))).isPresent();
    }

    @Test
    void sixtyOfAnAddressAndSixHundredOfAllUnlessOperatorsSayOtherwise() {
        assertThat(RefusedStrangers.Bounds.of(name -> Optional.empty()))
                .isEqualTo(new RefusedStrangers.Bounds(60, 600));
        var settings = Map.of("holdfast.audit.refused-of-address", "3", "holdfast.audit.refused", "0");
        assertThat(RefusedStrangers.Bounds.of(name -> Optional.ofNullable(settings.get(name))))
                .isEqualTo(new RefusedStrangers.Bounds(3, 0));
        for (String wrong : new String[] {"-1", "many"}) {
            assertThatThrownBy(() -> RefusedStrangers.Bounds.of(name -> Optional.of(wrong)))
                    .hasMessageContaining("holdfast.audit.refused");
        }
    }

    @Test
    void manyAddressesAreBoundedTogether() {
        int recorded = 0;
        for (int i = 0; i < 5_000; i++) {
            recorded += strangers
                            .admit(refused("2001:db8:0:" + Integer.toHexString(i) + "::1"))
                            .isPresent()
                    ? 1
                    : 0;
        }
        assertThat(recorded).isEqualTo(BOUNDS.all());
        now = now.plusSeconds(60);
        var counted = strangers.counted();
        assertThat(counted).hasSize(RefusedStrangers.MOST_ADDRESSES - BOUNDS.all() + 1);
        assertThat(counted)
                .filteredOn(record -> record.who().address().equals(RefusedStrangers.OTHERS))
                .singleElement()
                .satisfies(record ->
                        assertThat(record.what().detail().orElseThrow()).startsWith("count=4000 "));
    }

    @Test
    void whatFoundNoRoomIsCounted() {
        AuditRecord record = strangers.admit(refused("192.0.2.7")).orElseThrow();
        strangers.count(record);
        now = now.plusSeconds(60);
        assertThat(strangers.counted())
                .singleElement()
                .satisfies(counted ->
                        assertThat(counted.what().detail().orElseThrow()).startsWith("count=1 "));
    }

    @Test
    void longObjectsAreCut() {
        var object = strangers
                .admit(record(Optional.empty(), AuditRecord.Via.NOBODY, "x", "o".repeat(4_000), 401))
                .orElseThrow()
                .what()
                .object();
        assertThat(object).hasSize(257).endsWith("o…");
    }
}
