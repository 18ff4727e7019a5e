package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.holdfast.master.catalog.LockLab.at;
import static org.holdfast.master.catalog.LockLab.lockOf;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.Ticket;
import org.holdfast.contract.WriteLock;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Role;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.AtOnce;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A put holds a lock on its name from its first step to its commit. */
class LockTransfersTest {
    private static final int LEASE_SECONDS = (int) TestWiring.TRANSFER_LEASE.toSeconds();

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final LockLab lab = new LockLab(master);
    private Caller admin = new Caller(-1, "nobody", Role.USER, 0);

    @BeforeEach
    void twoNodes() {
        var unused = TestNodes.running(master, "sn1", "sn2");
        admin = master.admin();
    }

    private static void assertLocked(ThrowingCallable call) {
        assertRefused(FailureKind.LOCKED, "locked", call);
    }

    private static void assertLost(ThrowingCallable call) {
        assertRefused(FailureKind.LOCKED, "lock-lost", call);
    }

    @Test
    void theSecondWriterIsToldWhoWritesAndUntilWhen() throws Exception {
        var unused = lab.ask(admin, "admin/a");
        assertThat(lab.rows()).containsExactly("a TRANSFER admin");
        var until = master.rows("SELECT expires_at FROM file_lock").get(0);
        assertThatThrownBy(() -> lab.ask(admin, "admin/a")).isInstanceOfSatisfying(HoldfastException.class, e -> {
            assertThat(e.kind() + " " + e.code()).isEqualTo("LOCKED locked");
            assertThat(e.sentence()).contains("admin/a", "written by admin", "until");
            assertThat(e.lockHolder().orElseThrow().user()).isEqualTo("admin");
            assertThat(e.lockHolder().orElseThrow().until().toString())
                    .startsWith(until.replace(' ', 'T').substring(0, 19));
            assertThat(e.retryAfter().orElseThrow()).isBetween(Duration.ZERO, TestWiring.TRANSFER_LEASE);
        });
        assertThat(lab.rows()).containsExactly("a TRANSFER admin");
        var other = lab.ask(admin, "admin/b");
        assertThat(lab.commit(other).version()).isEqualTo(1);
    }

    @Test
    void theCommitEndsTheLock() throws Exception {
        for (int version = 1; version <= 3; version++) {
            assertThat(lab.commit(lab.ask(admin, "admin/a")).version()).isEqualTo(version);
            assertThat(lab.rows()).isEmpty();
        }
    }

    @Test
    void aRepeatedCommitIsAnsweredAsBeforeAlthoughTheLockHasEnded() {
        Ticket ticket = lab.ask(admin, "admin/a");
        var reply = lab.commit(ticket);
        assertThat(lab.commit(ticket).toJson()).isEqualTo(reply.toJson());
        var next = lab.ask(admin, "admin/a");
        assertThat(lab.commit(ticket).version()).isEqualTo(1);
        assertThat(lab.commit(next).version()).isEqualTo(2);
    }

    @Test
    void aRefusedPutLeavesNoLock() throws Exception {
        var unused = master.put("admin/there");
        assertRefused(
                FailureKind.CONFLICT,
                "conflict",
                () -> lab.ask(admin, "admin/there", OnConflict.FAIL, Optional.empty(), Set.of()));
        assertRefused(
                FailureKind.UNAVAILABLE,
                "unavailable",
                () -> lab.ask(admin, "admin/new", OnConflict.REPLACE, Optional.empty(), Set.of("sn1", "sn2")));
        assertThat(lab.rows()).isEmpty();
    }

    @Test
    void aLockIsTakenInTheTransactionThatAsksForIt() throws Exception {
        assertThatThrownBy(() -> master.transactions().run(TxType.REQUIRED, () -> {
                    var unused = master.get(LockTransfers.class)
                            .acquire(
                                    admin,
                                    master.count("SELECT id FROM namespace WHERE name = 'admin'"),
                                    at("admin/a"),
                                    OnConflict.REPLACE,
                                    new LockTransfers.Writer(Optional.empty(), false));
                    throw new IllegalStateException("refused after all");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(lab.rows()).isEmpty();
    }

    @Test
    void aLockThatRanOutIsTakenWithALargerTokenAndItsLateWriterIsFencedOff() throws Exception {
        Ticket late = lab.ask(admin, "admin/a");
        lab.pass(LEASE_SECONDS - 1);
        assertLocked(() -> lab.ask(admin, "admin/a"));
        lab.pass(2);
        Ticket next = lab.ask(admin, "admin/a");
        assertThat(lockOf(next).token()).isGreaterThan(lockOf(late).token());
        assertLost(() -> lab.commit(late));
        assertThat(master.count("SELECT COUNT(*) FROM file")).isZero();
        assertThat(master.count("SELECT COUNT(*) FROM blob_")).isZero();
        assertThat(lab.commit(next).version()).isEqualTo(1);
        assertLost(() -> lab.commit(late));
        assertThat(master.count("SELECT COUNT(*) FROM blob_")).isEqualTo(1);
    }

    @Test
    void aLockThatRanOutWithoutAnybodyComingIsAsGoodAsBefore() throws Exception {
        Ticket slow = lab.ask(admin, "admin/a");
        lab.pass(LEASE_SECONDS * 20);
        master.get(LockTransfers.class).trim();
        assertThat(lab.commit(slow).version()).isEqualTo(1);
    }

    @Test
    void whileBytesFlowTheLockIsRenewed() throws Exception {
        Ticket ticket = lab.ask(admin, "admin/a");
        for (int third = 0; third < 10; third++) {
            lab.pass(LEASE_SECONDS / 3);
            lab.renew(ticket);
        }
        lab.pass(LEASE_SECONDS - 1);
        assertLocked(() -> lab.ask(admin, "admin/a"));
        assertThat(lab.commit(ticket).version()).isEqualTo(1);
    }

    @Test
    void aStolenLockIsNotRenewedForItsLateWriter() throws Exception {
        Ticket late = lab.ask(admin, "admin/a");
        lab.release(late);
        Ticket next = lab.ask(admin, "admin/a");
        lab.pass(LEASE_SECONDS + 1);
        lab.renew(late);
        assertThat(master.count("SELECT COUNT(*) FROM file_lock WHERE expires_at > UTC_TIMESTAMP(6)"))
                .isZero();
        assertThat(lab.commit(next).version()).isEqualTo(1);
    }

    @Test
    void aFailedPutLetsOthersInAtOnceAndMayBeTriedAgainUntilTheyCome() throws Exception {
        Ticket failed = lab.ask(admin, "admin/a");
        lab.release(failed);
        assertThat(lab.commit(failed).version()).isEqualTo(1);
        Ticket again = lab.ask(admin, "admin/a");
        lab.release(again);
        Ticket next = lab.ask(admin, "admin/a");
        lab.release(again);
        assertLocked(() -> lab.ask(admin, "admin/a"));
        assertLost(() -> lab.commit(again));
        assertThat(lab.commit(next).version()).isEqualTo(2);
    }

    @Test
    void aPutThatIsTriedAgainGoesOnWithItsOwnLockAndGivesTheEarlierTryUp() throws Exception {
        Caller anna = master.user("anna");
        Ticket first = lab.askAs(admin, "admin/a", "w1");
        assertLocked(() -> lab.askAs(admin, "admin/a", "w2"));
        Ticket second = lab.askAs(admin, "admin/a", "w1");
        Ticket third = lab.ask(admin, "admin/a", OnConflict.REPLACE, Optional.empty(), Set.of("sn2"));
        master.get(ShareNames.class).grant(admin, at("admin/"), "anna", org.holdfast.master.access.FileRole.EDITOR);
        assertLocked(() -> lab.askAs(anna, "admin/a", "w1"));
        assertLocked(() -> lab.ask(anna, "admin/a", OnConflict.REPLACE, Optional.empty(), Set.of("sn2")));
        assertLost(() -> lab.commit(first));
        assertLost(() -> lab.commit(second));
        assertThat(lab.commit(third).version()).isEqualTo(1);
    }

    @Test
    void aTokenOpensTheNameThatItWasGivenForAndNoOther() {
        Ticket ours = lab.ask(admin, "admin/ours");
        Ticket theirs = lab.ask(admin, "admin/theirs");
        var forged = new Ticket(
                ours.operation(),
                ours.blob(),
                ours.address(),
                ours.contentType(),
                ours.expiresAt(),
                ours.terms().map(terms -> terms.under(Optional.of(lockOf(theirs)))));
        assertLost(() -> lab.commit(forged));
        var invented = ours.terms()
                .map(terms ->
                        terms.under(Optional.of(new WriteLock(lockOf(ours).token() + 1_000, Duration.ofSeconds(30)))));
        assertLost(() -> lab.commit(new Ticket(
                ours.operation(), ours.blob(), ours.address(), ours.contentType(), ours.expiresAt(), invented)));
        assertThat(lab.commit(ours).version()).isEqualTo(1);
        assertThat(lab.commit(theirs).version()).isEqualTo(1);
    }

    @Test
    void aTicketWithoutALockCommitsOnlyWhereNoneStands() throws Exception {
        Ticket writing = lab.ask(admin, "admin/a");
        assertLocked(() -> master.put("admin/a"));
        lab.pass(LEASE_SECONDS + 1);
        assertThat(master.put("admin/a").version()).isEqualTo(1);
        assertLost(() -> lab.commit(writing));
    }

    @Test
    void putsThatGiveWayNeedNoLockAndPassOneBy() throws Exception {
        Ticket writing = lab.ask(admin, "admin/a.txt");
        Ticket one = lab.ask(admin, "admin/a.txt", OnConflict.RENAME, Optional.empty(), Set.of());
        Ticket two = lab.ask(admin, "admin/a.txt", OnConflict.RENAME, Optional.empty(), Set.of());
        assertThat(lab.rows()).containsExactly("a.txt TRANSFER admin");
        assertThat(lab.commit(one).address()).isEqualTo(at("admin/a (2).txt"));
        assertThat(lab.commit(writing).address()).isEqualTo(at("admin/a.txt"));
        assertThat(lab.commit(two).address()).isEqualTo(at("admin/a (3).txt"));
    }

    /** As with many masters: what decides is the row, and no master keeps anything of locks. */
    @Test
    void ofManyWhoComeAtOnceOneGetsTheNameEachTime() throws Exception {
        for (int round = 0; round < 5; round++) {
            String name = "admin/round" + round;
            List<Optional<Ticket>> tickets = AtOnce.run(16, i -> () -> {
                try {
                    return Optional.of(lab.ask(admin, name));
                } catch (HoldfastException e) {
                    assertThat(e.kind() + " " + e.code()).isEqualTo("LOCKED locked");
                    return Optional.empty();
                }
            });
            var got = tickets.stream().flatMap(Optional::stream).toList();
            assertThat(got).hasSize(1);
            assertThat(lab.commit(got.get(0)).version()).isEqualTo(1);
        }
        assertThat(lab.rows()).isEmpty();
    }

    @Test
    void manyLocksAreRenewedAndReleasedAtOnce() throws Exception {
        var tokens = java.util.stream.IntStream.range(0, 50)
                .mapToObj(i -> lockOf(lab.ask(admin, "admin/many/" + i)).token())
                .toList();
        lab.pass(LEASE_SECONDS + 1);
        master.get(LockTransfers.class).renew(tokens);
        assertThat(master.count("SELECT COUNT(*) FROM file_lock WHERE expires_at > UTC_TIMESTAMP(6)"))
                .isEqualTo(50);
        master.get(LockTransfers.class).release(tokens);
        assertThat(master.count("SELECT COUNT(*) FROM file_lock WHERE expires_at > UTC_TIMESTAMP(6)"))
                .isZero();
    }

    @Test
    void whatRanOutLongAgoIsForgotten() throws Exception {
        var unused = lab.ask(admin, "admin/old");
        lab.pass(5_000);
        unused = lab.ask(admin, "admin/young");
        assertThat(master.get(LockTransfers.class).trim()).isFalse();
        assertThat(lab.rows()).containsExactly("young TRANSFER admin");
    }

    @Test
    void howeverManyRanOutAllAreForgottenStepByStep() throws Exception {
        var unused = lab.ask(admin, "admin/old");
        lab.manyLocks(2 * LockTransfers.TRIM, LockKind.TRANSFER, admin);
        lab.pass(10_000);
        assertThat(master.get(LockTransfers.class).trim()).isTrue();
        assertThat(master.get(LockTransfers.class).trim()).isTrue();
        assertThat(lab.rows()).hasSize(1);
        assertThat(master.get(LockTransfers.class).trim()).isFalse();
        assertThat(lab.rows()).isEmpty();
    }
}
