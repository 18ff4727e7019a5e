package org.holdfast.storage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.Ulid;
import org.holdfast.storage.store.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditOutboxTest {
    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();

    static AuditRecord record(SettableClock clock, String object) {
        return new AuditRecord(
                Ulid.next(clock),
                clock.instant(),
                "sn1",
                new AuditRecord.Who(Optional.empty(), "anna", AuditRecord.Via.TICKET, "192.0.2.7"),
                new AuditRecord.What("blobs.get", object),
                new AuditRecord.Result(200, Optional.empty(), Optional.of(12L), Duration.ofMillis(3)));
    }

    private AuditOutbox open() {
        return AuditOutbox.open(folder.resolve("audit"), AuditOutbox.MOST_BYTES);
    }

    private List<AuditRecord> fill(AuditOutbox outbox, int count) {
        List<AuditRecord> records = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            records.add(record(clock, "anna/" + number));
            outbox.add(records.get(number));
        }
        return records;
    }

    /** Takes all that is there, as a master that takes everything. */
    private static List<AuditRecord> empty(AuditOutbox outbox) {
        List<AuditRecord> taken = new ArrayList<>();
        Optional<AuditOutbox.Batch> batch = outbox.oldest();
        while (batch.isPresent()) {
            assertThat(batch.get().records()).hasSizeLessThanOrEqualTo(AuditRecord.MAX_BATCH);
            taken.addAll(batch.get().records());
            outbox.acknowledge(batch.get());
            batch = outbox.oldest();
        }
        return taken;
    }

    @Test
    void recordsComeOutInTheOrderInWhichTheyWentInAndThenAreGone() throws IOException {
        AuditOutbox outbox = open();
        List<AuditRecord> records = fill(outbox, 3_000);
        assertThat(outbox.waitingBytes()).isPositive();
        assertThat(empty(outbox)).containsExactlyElementsOf(records);
        assertThat(outbox.waitingBytes()).isZero();
        try (var files = Files.list(folder.resolve("audit"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void whatIsNotAcknowledgedComesAgain() {
        AuditOutbox outbox = open();
        List<AuditRecord> records = fill(outbox, 3);
        assertThat(outbox.oldest().orElseThrow().records()).containsExactlyElementsOf(records);
        outbox.add(record(clock, "anna/later"));
        assertThat(outbox.oldest().orElseThrow().records()).containsExactlyElementsOf(records);
        assertThat(empty(outbox)).hasSize(4);
    }

    @Test
    void recordsOutliveTheProcess() {
        List<AuditRecord> records = fill(open(), 700);
        AuditOutbox again = open();
        var first = again.oldest().orElseThrow();
        again.acknowledge(first);
        // Half of the file was handed over; the next process hands over all of it again, and adds to another one.
        AuditOutbox third = open();
        AuditRecord later = record(clock, "anna/later");
        third.add(later);
        List<AuditRecord> taken = empty(third);
        assertThat(taken.subList(0, 700)).containsExactlyElementsOf(records);
        assertThat(taken.get(700)).isEqualTo(later);
    }

    @Test
    void aLineThatIsNotWholeCostsThatLineOnly() throws IOException {
        List<AuditRecord> records = fill(open(), 2);
        try (var files = Files.list(folder.resolve("audit"))) {
            Files.writeString(files.findFirst().orElseThrow(), "{\"id\":\"01M7", StandardOpenOption.APPEND);
        }
        assertThat(empty(open())).containsExactlyElementsOf(records);
    }

    @Test
    void itIsBoundedAndCountsWhatItCouldNotTake() {
        AuditOutbox outbox = AuditOutbox.open(folder.resolve("audit"), 2_000);
        List<AuditRecord> records = fill(outbox, 50);
        assertThat(outbox.waitingBytes()).isBetween(1_000L, 2_000L);
        List<AuditRecord> taken = empty(outbox);
        assertThat(taken).containsExactlyElementsOf(records.subList(0, taken.size()));
        assertThat(outbox.lost()).isEqualTo(50 - taken.size());
        outbox.add(record(clock, "anna/again"));
        assertThat(empty(outbox)).hasSize(1);
    }

    @Test
    void aDiskThatFailsHoldsNobodyUp() throws IOException {
        AuditOutbox outbox = open();
        Files.delete(folder.resolve("audit"));
        outbox.add(record(clock, "anna/a"));
        assertThat(outbox.lost()).isEqualTo(1);
        assertThat(outbox.oldest()).isEmpty();
    }
}
