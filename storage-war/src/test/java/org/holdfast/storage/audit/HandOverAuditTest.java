package org.holdfast.storage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.JsonText;
import org.holdfast.storage.cluster.FakeMaster;
import org.holdfast.storage.cluster.Membership;
import org.holdfast.storage.cluster.NodeIdentity;
import org.holdfast.storage.store.Samples;
import org.holdfast.storage.store.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandOverAuditTest {
    private static final String TARGET = "POST " + AuditRecord.PATH;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final FakeMaster master = new FakeMaster(Samples.KEYS, clock);
    private volatile int status = 204;

    @BeforeEach
    void answer() {
        master.answerFiles(target -> target.equals(TARGET)
                ? Optional.of(new FakeMaster.Prepared(status, "", ""))
                : Optional.<FakeMaster.Prepared>empty());
    }

    @AfterEach
    void stop() {
        master.close();
    }

    private Membership membership() {
        var identity = new NodeIdentity("sn1", "http://127.0.0.1:7401/", "http://127.0.0.1:7401/", "attic", "box");
        return new Membership(identity, folder.resolve("node.json"), clock);
    }

    private AuditOutbox outbox() {
        return AuditOutbox.open(folder.resolve("audit"), AuditOutbox.MOST_BYTES);
    }

    /** Objects of all records that the master was sent, batch after batch. */
    private List<List<String>> batches() {
        return master.requests().stream()
                .filter(request -> request.startsWith(TARGET))
                .map(request -> {
                    try (var reader = JsonText.reader(request.substring(TARGET.length() + 1))) {
                        return AuditRecord.ofBatch(reader.readObject()).stream()
                                .map(record -> record.what().object())
                                .toList();
                    }
                })
                .toList();
    }

    @Test
    void aMasterGetsWhatWaitsOnce() throws IOException {
        Membership membership = membership();
        AuditOutbox outbox = outbox();
        var handOver = new HandOverAudit(membership, outbox);
        outbox.add(AuditOutboxTest.record(clock, "anna/a"));
        handOver.run();
        assertThat(batches()).as("before it has joined").isEmpty();
        master.welcome(membership);
        outbox.add(AuditOutboxTest.record(clock, "anna/b"));
        handOver.run();
        handOver.run();
        assertThat(batches()).containsExactly(List.of("anna/a", "anna/b"));
        assertThat(outbox.waitingBytes()).isZero();
    }

    @Test
    void whatNoMasterTakesWaits() throws IOException {
        Membership membership = membership();
        master.welcome(membership);
        AuditOutbox outbox = outbox();
        var handOver = new HandOverAudit(membership, outbox);
        outbox.add(AuditOutboxTest.record(clock, "anna/a"));
        for (int trouble : new int[] {503, 500, 404, 401}) {
            status = trouble;
            handOver.run();
            assertThat(outbox.waitingBytes()).isPositive();
        }
        status = 204;
        handOver.run();
        assertThat(outbox.waitingBytes()).isZero();
        assertThat(batches()).hasSize(5);
    }

    @Test
    void whatAMasterCanNotUnderstandDoesNotKeepTheRestOut() throws IOException {
        Membership membership = membership();
        master.welcome(membership);
        AuditOutbox outbox = outbox();
        outbox.add(AuditOutboxTest.record(clock, "anna/a"));
        status = 400;
        new HandOverAudit(membership, outbox).run();
        assertThat(outbox.waitingBytes()).isZero();
    }
}
