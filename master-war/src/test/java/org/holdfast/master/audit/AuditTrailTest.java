package org.holdfast.master.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.Ulid;
import org.holdfast.master.fixture.LoggedLines;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class AuditTrailTest {
    private static final ListAudit.Filter ALL = new ListAudit.Filter(
            new ListAudit.Span(Optional.empty(), Optional.empty()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new ListAudit.Answer(Optional.empty(), Optional.empty()));

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private AuditRecord record(String action, String object, int status) {
        return record(Optional.of(7L), "anna", AuditRecord.Via.PASSWORD, new AuditRecord.What(action, object), status);
    }

    private AuditRecord record(
            Optional<Long> account, String actor, AuditRecord.Via via, AuditRecord.What what, int status) {
        return new AuditRecord(
                Ulid.next(master.clock()),
                master.clock().instant(),
                "m1",
                new AuditRecord.Who(account, actor, via, "192.0.2.7"),
                what,
                new AuditRecord.Result(
                        status,
                        status < 400 ? Optional.empty() : Optional.of("forbidden"),
                        Optional.of(12L),
                        Duration.ofMillis(3)));
    }

    private AuditTrail trail() {
        return master.get(AuditTrail.class);
    }

    private void store(AuditRecord... records) {
        master.get(StoreAudit.class).store(List.of(records));
    }

    private long count() throws Exception {
        return master.count("SELECT COUNT(*) FROM audit_log");
    }

    private List<String> objects(ListAudit.Filter filter) {
        return master.get(ListAudit.class).page(filter, Optional.empty(), 100).stream()
                .map(stored -> stored.record().what().object())
                .toList();
    }

    @Test
    void aRecordComesBackAsItWas() {
        AuditRecord record = record("files.put", "anna/bücher/日本 😀.txt", 201);
        store(record);
        assertThat(master.get(ListAudit.class).page(ALL, Optional.empty(), 10))
                .extracting(ListAudit.Stored::record)
                .containsExactly(record);
    }

    @Test
    void whatIsHandedOverTwiceIsStoredOnce() throws Exception {
        AuditRecord first = record("files.put", "anna/a", 201);
        store(first);
        store(first, record("files.put", "anna/b", 201), first);
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void anAccountThatANodeKnowsByItsNameIsFound() throws Exception {
        var anna = master.user("anna");
        var what = new AuditRecord.What("blobs.get", "anna/a", Optional.of("blob=x"));
        store(
                record(Optional.empty(), "anna", AuditRecord.Via.TICKET, what, 200),
                record(Optional.empty(), "nobody-of-that-name", AuditRecord.Via.TICKET, what, 200),
                record(Optional.empty(), "anna", AuditRecord.Via.PASSWORD, what, 401));
        assertThat(master.rows("SELECT account_id, actor, via FROM audit_log ORDER BY id"))
                .containsExactly(
                        anna.accountId() + " anna TICKET",
                        "- nobody-of-that-name TICKET",
                        // Whoever gave a wrong password is not known to be anna.
                        "- anna PASSWORD");
    }

    @Test
    void manyRecordsAreStoredAtOnce() throws Exception {
        List<AuditRecord> many = new ArrayList<>();
        for (int number = 0; number < 250; number++) {
            many.add(record("files.get", "anna/" + number, 307));
        }
        master.get(StoreAudit.class).store(many);
        assertThat(count()).isEqualTo(250);
    }

    @Test
    void whoChangesSomethingIsAnsweredWhenTheRecordIsStored() throws Exception {
        var waiting = CompletableFuture.supplyAsync(() -> trail().addAndWait(record("files.put", "anna/a", 201)));
        await().until(() -> trail().waiting() == 1 || waiting.isDone());
        trail().store();
        assertThat(waiting.get()).isTrue();
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void whoWaitsTooLongIsAnsweredAllTheSameAndTheRecordIsStoredLater() throws Exception {
        assertThat(trail().addAndWait(record("files.put", "anna/a", 201))).isFalse();
        assertThat(count()).isZero();
        trail().store();
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void whoReadsDoesNotWait() throws Exception {
        trail().add(record("files.get", "anna/a", 307));
        trail().add(record("files.get", "anna/b", 307));
        assertThat(count()).isZero();
        trail().store();
        assertThat(objects(ALL)).containsExactly("anna/b", "anna/a");
    }

    private void fill() {
        for (int number = 0; number < TestWiring.MOST_AUDIT_WAITING; number++) {
            trail().requireRoom();
            trail().add(record("files.get", "anna/" + number, 307));
        }
    }

    @Test
    void whenTooManyWaitThoseWhoBringMoreWaitToo() throws Exception {
        fill();
        var more = CompletableFuture.runAsync(() -> trail().add(record("files.get", "anna/more", 307)));
        trail().store();
        more.get();
        trail().storeTheRest();
        assertThat(count()).isEqualTo(TestWiring.MOST_AUDIT_WAITING + 1);
        assertThat(trail().lost()).isZero();
    }

    @Test
    void whileTooManyWaitNothingIsDoneThatWouldHaveToBeRecorded() throws Exception {
        fill();
        assertRefused(FailureKind.UNAVAILABLE, "unavailable", () -> trail().requireRoom());
        trail().store();
        trail().requireRoom();
    }

    @Test
    void nobodyWaitsForEverAndWhatFindsNoRoomIsInTheLog() throws Exception {
        fill();
        try (var log = new LoggedLines(AuditTrail.class)) {
            assertThat(trail().addAndWait(record("files.put", "anna/more", 201)))
                    .isFalse();
            assertThat(log.lines()).hasSize(1).allMatch(line -> line.contains("anna/more"));
        }
        assertThat(trail().lost()).isOne();
        trail().storeTheRest();
        assertThat(count()).isEqualTo(TestWiring.MOST_AUDIT_WAITING);
    }

    @Test
    void whatTheDatabaseDoesNotTakeBeforeTheEndIsKeptByNobodyElse() throws Exception {
        trail().add(record("files.put", "anna/a", 201));
        master.sql("RENAME TABLE audit_log TO audit_log_away");
        try {
            assertThatThrownBy(() -> trail().store()).isInstanceOf(RuntimeException.class);
            trail().add(record("files.put", "anna/b", 201));
            assertThatThrownBy(() -> trail().storeTheRest()).isInstanceOf(RuntimeException.class);
            trail().end();
            trail().add(record("files.put", "anna/c", 201));
            assertThat(trail().lost()).isEqualTo(3);
            assertThat(trail().waiting()).isZero();
        } finally {
            master.sql("RENAME TABLE audit_log_away TO audit_log");
        }
    }

    @Test
    void whileTheDatabaseFailsRecordsWaitAndNoneIsLost() throws Exception {
        trail().add(record("files.put", "anna/a", 201));
        master.sql("RENAME TABLE audit_log TO audit_log_away");
        try {
            assertThatThrownBy(() -> trail().store()).isInstanceOf(RuntimeException.class);
            trail().add(record("files.put", "anna/b", 201));
            assertThatThrownBy(() -> trail().store()).isInstanceOf(RuntimeException.class);
        } finally {
            master.sql("RENAME TABLE audit_log_away TO audit_log");
        }
        trail().store();
        trail().storeTheRest();
        assertThat(objects(ALL)).containsExactly("anna/b", "anna/a");
    }

    @Test
    void pagesGoBackwards() {
        for (int number = 0; number < 5; number++) {
            store(record("files.get", "anna/" + number, 307));
        }
        var audit = master.get(ListAudit.class);
        var first = audit.page(ALL, Optional.empty(), 2);
        var second = audit.page(ALL, Optional.of(first.get(1).id()), 2);
        var third = audit.page(ALL, Optional.of(second.get(1).id()), 2);
        assertThat(first).extracting(stored -> stored.record().what().object()).containsExactly("anna/4", "anna/3");
        assertThat(second).extracting(stored -> stored.record().what().object()).containsExactly("anna/2", "anna/1");
        assertThat(third).extracting(stored -> stored.record().what().object()).containsExactly("anna/0");
    }

    private static ListAudit.Filter by(Optional<String> action, Optional<String> object) {
        return new ListAudit.Filter(ALL.span(), ALL.actor(), action, object, ALL.component(), ALL.answer());
    }

    @Test
    void recordsAreFoundByActionAndByWhatTheirObjectBeginsWith() {
        store(
                record("files.get", "anna/a_b", 307),
                record("files.put", "anna/axb", 201),
                record("folders.list", "anna/a%", 200),
                record("users.create", "anna\\x", 201));
        assertThat(objects(by(Optional.of("files.put"), Optional.empty()))).containsExactly("anna/axb");
        assertThat(objects(by(Optional.of("files.*"), Optional.empty()))).containsExactly("anna/axb", "anna/a_b");
        assertThat(objects(by(Optional.empty(), Optional.of("anna/a")))).hasSize(3);
        assertThat(objects(by(Optional.empty(), Optional.of("anna/a_")))).containsExactly("anna/a_b");
        assertThat(objects(by(Optional.empty(), Optional.of("anna/a%")))).containsExactly("anna/a%");
        assertThat(objects(by(Optional.empty(), Optional.of("anna\\")))).containsExactly("anna\\x");
    }

    @Test
    void recordsAreFoundByTimeActorComponentAndOutcome() {
        store(record("files.get", "early", 307));
        master.clock().forward(Duration.ofHours(1));
        var since = master.clock().instant();
        store(record("files.get", "refused", 403), record("files.get", "failed", 503));
        store(record(
                Optional.empty(), "bob", AuditRecord.Via.SESSION, new AuditRecord.What("files.get", "of bob"), 200));
        var lately = new ListAudit.Span(Optional.of(since), Optional.empty());
        var before = new ListAudit.Span(Optional.empty(), Optional.of(since));
        assertThat(objects(new ListAudit.Filter(
                        lately, ALL.actor(), ALL.action(), ALL.object(), ALL.component(), ALL.answer())))
                .containsExactly("of bob", "failed", "refused");
        assertThat(objects(new ListAudit.Filter(
                        before, ALL.actor(), ALL.action(), ALL.object(), Optional.of("m1"), ALL.answer())))
                .containsExactly("early");
        assertThat(objects(new ListAudit.Filter(
                        ALL.span(), Optional.of("bob"), ALL.action(), ALL.object(), ALL.component(), ALL.answer())))
                .containsExactly("of bob");
        for (var outcome : ListAudit.Outcome.values()) {
            var answer = new ListAudit.Answer(Optional.empty(), Optional.of(outcome));
            assertThat(objects(new ListAudit.Filter(
                            lately, ALL.actor(), ALL.action(), ALL.object(), ALL.component(), answer)))
                    .containsExactly(
                            switch (outcome) {
                                case OK -> "of bob";
                                case REFUSED -> "refused";
                                case FAILED -> "failed";
                            });
        }
    }

    @Test
    void recordsAreForgottenWhenTheyAreOldEnough() throws Exception {
        store(record("files.get", "old", 307));
        master.clock().forward(TestWiring.KEEP_AUDIT.minusSeconds(1));
        store(record("files.get", "young", 307));
        assertThat(master.get(AuditLog.class).trim()).isZero();
        master.clock().forward(Duration.ofSeconds(2));
        assertThat(master.get(AuditLog.class).trim()).isEqualTo(1);
        assertThat(objects(ALL)).containsExactly("young");
    }
}
