package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.holdfast.master.catalog.LockLab.at;
import static org.holdfast.master.catalog.LockLab.lockOf;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.Ticket;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.account.AccountLeaves;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Role;
import org.holdfast.master.api.RemoveUser;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.database.Contention;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Locks that people ask for; anna owns the namespace, bob is a master of it, carl an editor, dora a reader. */
class LockNamesTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final LockLab lab = new LockLab(master);
    private Caller anna = new Caller(-1, "nobody", Role.USER, 0);
    private Caller bob = anna;
    private Caller carl = anna;
    private Caller dora = anna;

    @BeforeEach
    void fourPeopleAndAFile() throws Exception {
        var unused = TestNodes.running(master, "sn1");
        anna = master.user("anna");
        bob = master.user("bob");
        carl = master.user("carl");
        dora = master.user("dora");
        grant("bob", FileRole.MASTER);
        grant("carl", FileRole.EDITOR);
        grant("dora", FileRole.READER);
        put(anna, "anna/docs/a");
    }

    private void grant(String user, FileRole role) {
        master.get(ShareNames.class).grant(anna, new FileAddress("anna", ""), user, role);
    }

    private int put(Caller caller, String address) {
        return lab.commit(lab.ask(caller, address)).version();
    }

    private LockView lock(Caller caller, String address) {
        return lock(caller, address, Optional.empty());
    }

    private LockView lock(Caller caller, String address, Optional<Duration> lease) {
        return Contention.retry(() -> master.get(LockNames.class).lock(caller, at(address), lease));
    }

    private void unlock(Caller caller, String address) {
        Contention.retryRun(() -> master.get(LockNames.class).unlock(caller, at(address)));
    }

    private void remove(Caller caller, String address) {
        Contention.retryRun(() -> master.get(ChangeNames.class).removeFile(caller, at(address), Conditions.NONE));
    }

    private void removeBelow(Caller caller, String folder) {
        master.get(RemoveTree.class).files(caller, at(folder));
    }

    private void move(Caller caller, String from, String to) {
        var unused =
                Contention.retry(() -> master.get(MoveNames.class).move(caller, at(from), at(to), OnConflict.REPLACE));
    }

    private static void assertLocked(ThrowingCallable call) {
        assertRefused(FailureKind.LOCKED, "locked", call);
    }

    @Test
    void nobodyLocksAnyNumberOfNames() throws Exception {
        lab.manyLocks(LockNames.MOST - 1, LockKind.EXPLICIT, anna);
        var last = lock(anna, "anna/docs/a");
        assertRefused(FailureKind.CONFLICT, "too-many-locks", () -> lock(anna, "anna/docs/b"));
        assertThat(lock(bob, "bob/a").user()).isEqualTo("bob");
        assertThat(lock(anna, "anna/docs/a").token()).as("for longer").isEqualTo(last.token());
        unlock(anna, last.address().toString());
        assertThat(lock(anna, "anna/docs/b").user()).isEqualTo("anna");
    }

    @Test
    void whoLocksAFileChangesItAndNobodyElseDoes() throws Exception {
        LockView lock = lock(carl, "anna/docs/a");
        assertThat(lock.user()).isEqualTo("carl");
        assertThat(lock.kind()).isEqualTo(LockKind.EXPLICIT);
        assertThat(Duration.between(lock.since(), lock.until())).isEqualTo(Duration.ofHours(1));
        for (Caller other : new Caller[] {anna, bob, master.admin()}) {
            assertLocked(() -> lab.ask(other, "anna/docs/a"));
            assertLocked(() -> remove(other, "anna/docs/a"));
            assertLocked(() -> move(other, "anna/docs/a", "anna/docs/b"));
            assertLocked(() -> lock(other, "anna/docs/a"));
        }
        put(anna, "anna/docs/free");
        assertLocked(() -> move(anna, "anna/docs/free", "anna/docs/a"));
        assertThat(put(carl, "anna/docs/a")).isEqualTo(2);
        assertThat(put(carl, "anna/docs/a")).isEqualTo(3);
        assertThat(lab.rows()).containsExactly("docs/a EXPLICIT carl");
        unlock(carl, "anna/docs/a");
        assertThat(put(anna, "anna/docs/a")).isEqualTo(4);
    }

    @Test
    void theRefusalTellsWhoAndUntilWhen() {
        LockView lock = lock(carl, "anna/docs/a", Optional.of(Duration.ofMinutes(10)));
        assertThatThrownBy(() -> remove(anna, "anna/docs/a")).isInstanceOfSatisfying(HoldfastException.class, e -> {
            assertThat(e.sentence()).contains("anna/docs/a is locked by carl, until " + lock.until());
            assertThat(e.lockHolder().orElseThrow().until()).isEqualTo(lock.until());
            assertThat(e.retryAfter().orElseThrow()).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
        });
    }

    @Test
    void lockedAgainByItsHolderItStandsForLongerUnderTheSameToken() throws Exception {
        LockView first = lock(carl, "anna/docs/a");
        lab.pass(1_800);
        LockView second = lock(carl, "anna/docs/a", Optional.of(Duration.ofHours(2)));
        assertThat(second.token()).isEqualTo(first.token());
        assertThat(second.until()).isAfter(first.until().plus(Duration.ofMinutes(50)));
        assertThat(master.count("SELECT COUNT(*) FROM file_lock")).isEqualTo(1);
    }

    @Test
    void anExpiredLockIsAsIfItWereNotThere() throws Exception {
        LockView lock = lock(carl, "anna/docs/a");
        lab.pass(3_601);
        assertThat(master.get(LockNames.class).list(anna, at("anna/docs/a"))).isEmpty();
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> unlock(carl, "anna/docs/a"));
        assertThat(lock(bob, "anna/docs/a").token()).isGreaterThan(lock.token());
        lab.pass(3_601);
        assertThat(put(anna, "anna/docs/a")).isEqualTo(2);
        assertThat(lab.rows()).isEmpty();
    }

    @Test
    void aLateWriterUnderALockThatWasStolenIsFencedOff() throws Exception {
        var unused = lock(carl, "anna/docs/a");
        Ticket late = lab.ask(carl, "anna/docs/a");
        lab.pass(3_601);
        unused = lock(bob, "anna/docs/a");
        unlock(bob, "anna/docs/a");
        assertRefused(FailureKind.LOCKED, "lock-lost", () -> lab.commit(late));
    }

    @Test
    void aRemovalFencesOffWhoWroteUnderALockThatRanOut() throws Exception {
        Ticket late = lab.ask(carl, "anna/docs/a");
        lab.pass(31);
        remove(anna, "anna/docs/a");
        assertRefused(FailureKind.LOCKED, "lock-lost", () -> lab.commit(late));
        assertThat(master.count("SELECT COUNT(*) FROM file")).isZero();
    }

    @Test
    void aRunningTransferProlongsTheLockUnderWhichItIsMade() throws Exception {
        LockView lock = lock(carl, "anna/docs/a", Optional.of(Duration.ofSeconds(40)));
        Ticket ticket = lab.ask(carl, "anna/docs/a");
        assertThat(lockOf(ticket).token()).isEqualTo(lock.token());
        lab.pass(35);
        lab.renew(ticket);
        lab.pass(20);
        assertLocked(() -> lab.ask(anna, "anna/docs/a"));
        lab.release(ticket);
        assertLocked(() -> lab.ask(anna, "anna/docs/a"));
        assertThat(lab.commit(ticket).version()).isEqualTo(2);
    }

    @Test
    void ownerAndAdministratorBreakALockWhichIsAnEventAndNobodyElseDoes() throws Exception {
        var unused = lock(carl, "anna/docs/a");
        Ticket running = lab.ask(carl, "anna/docs/a");
        assertLocked(() -> unlock(bob, "anna/docs/a"));
        assertLocked(() -> unlock(dora, "anna/docs/a"));
        unlock(anna, "anna/docs/a");
        assertRefused(FailureKind.LOCKED, "lock-lost", () -> lab.commit(running));
        unused = lock(carl, "anna/docs/a");
        unlock(master.admin(), "anna/docs/a");
        assertThat(master.rows("SELECT detail FROM node_event WHERE kind = 'LOCK' ORDER BY id"))
                .containsExactly(
                        "anna broke the lock of carl on anna/docs/a", "admin broke the lock of carl on anna/docs/a");
    }

    @Test
    void aRunningPutIsInTheWayOfEverybodyAndItsAccountMayGiveItUp() throws Exception {
        Ticket running = lab.ask(carl, "anna/docs/a");
        assertLocked(() -> remove(anna, "anna/docs/a"));
        assertLocked(() -> move(anna, "anna/docs/a", "anna/b"));
        assertLocked(() -> lock(anna, "anna/docs/a"));
        assertLocked(() -> lock(carl, "anna/docs/a"));
        unlock(carl, "anna/docs/a");
        remove(anna, "anna/docs/a");
        assertRefused(FailureKind.LOCKED, "lock-lost", () -> lab.commit(running));
        assertThat(master.count("SELECT COUNT(*) FROM node_event WHERE kind = 'LOCK'"))
                .isZero();
    }

    @Test
    void aFolderDoesNotMoveOrGoWhileSomethingBelowItIsLockedByAnother() throws Exception {
        put(anna, "anna/docs/deep/er/b");
        put(anna, "anna/docs2/c");
        var unused = lock(carl, "anna/docs/deep/er/b");
        for (String folder : new String[] {"anna/docs", "anna/docs/deep", "anna/docs/deep/er"}) {
            assertLocked(() -> move(anna, folder, "anna/elsewhere"));
            assertLocked(() -> removeBelow(anna, folder));
        }
        move(anna, "anna/docs2", "anna/docs3");
        removeBelow(anna, "anna/docs3");
        // Beside the locked name and above it, files change as ever.
        assertThat(put(anna, "anna/docs/a")).isEqualTo(2);
        unlock(carl, "anna/docs/deep/er/b");
        move(anna, "anna/docs", "anna/elsewhere");
        assertThat(put(anna, "anna/elsewhere/deep/er/b")).isEqualTo(2);
    }

    @Test
    void whatItsHolderRemovesOrMovesAwayIsNotLockedAnyMore() throws Exception {
        put(anna, "anna/docs/b");
        var unused = lock(bob, "anna/docs/a");
        remove(bob, "anna/docs/a");
        assertThat(lab.rows()).isEmpty();
        unused = lock(bob, "anna/docs/b");
        move(bob, "anna/docs/b", "anna/docs/c");
        assertThat(lab.rows()).isEmpty();
        unused = lock(bob, "anna/docs/c");
        move(bob, "anna/docs", "anna/moved");
        assertThat(lab.rows()).isEmpty();
    }

    @Test
    void aLockStaysOnANameThatAnotherFileIsMovedTo() throws Exception {
        put(bob, "anna/docs/new");
        var unused = lock(bob, "anna/docs/a");
        move(bob, "anna/docs/new", "anna/docs/a");
        assertThat(lab.rows()).containsExactly("docs/a EXPLICIT bob");
        assertLocked(() -> lab.ask(anna, "anna/docs/a"));
    }

    @Test
    void aNameIsReservedBeforeThereIsAFile() {
        var unused = lock(carl, "anna/not/yet");
        assertLocked(() -> lab.ask(anna, "anna/not/yet"));
        assertLocked(
                () -> Contention.retryRun(() -> master.get(ChangeNames.class).makeFolder(anna, at("anna/not/yet"))));
        Ticket givesWay = lab.ask(anna, "anna/not/yet", OnConflict.RENAME, Optional.empty(), java.util.Set.of());
        assertThat(lab.commit(givesWay).address()).isEqualTo(at("anna/not/yet (2)"));
        assertThat(put(carl, "anna/not/yet")).isEqualTo(1);
    }

    @Test
    void onlyWhoMayWriteLocksAndOnlyFilesAndNotForEver() {
        assertRefused(FailureKind.FORBIDDEN, "forbidden", () -> lock(dora, "anna/docs/a"));
        assertRefused(FailureKind.CONFLICT, "is-a-folder", () -> lock(anna, "anna/docs"));
        var root = new FileAddress("anna", "");
        assertRefused(
                FailureKind.INVALID,
                "invalid-parameter",
                () -> master.get(LockNames.class).lock(anna, root, Optional.empty()));
        assertRefused(
                FailureKind.INVALID,
                "invalid-parameter",
                () -> lock(anna, "anna/docs/a", Optional.of(Duration.ofDays(8))));
    }

    @Test
    void strangersLearnNothingAndReadersSeeWhatIsLocked() throws Exception {
        Caller eve = master.user("eve");
        var unused = lock(carl, "anna/docs/a");
        var running = lab.ask(bob, "anna/docs/b");
        assertThat(running.terms()).isPresent();
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> lock(eve, "anna/docs/a"));
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> unlock(eve, "anna/docs/a"));
        assertRefused(
                FailureKind.NOT_FOUND,
                "not-found",
                () -> master.get(LockNames.class).list(eve, at("anna/docs/a")));
        assertThat(master.get(LockNames.class).list(dora, at("anna/docs")))
                .extracting(lock -> lock.address().path() + " " + lock.kind() + " " + lock.user())
                .containsExactly("docs/a EXPLICIT carl", "docs/b TRANSFER bob");
        assertThat(master.get(LockNames.class).list(dora, at("anna/docs/b"))).hasSize(1);
    }

    @Test
    void noLockHoldsUpWhoDeletesAnAccountWithItsFiles() throws Exception {
        var unused = lock(carl, "anna/docs/a");
        Ticket running = lab.ask(carl, "anna/docs/b");
        master.get(RemoveUser.class).remove(master.admin(), "anna", Optional.empty(), true);
        assertThat(lab.rows()).isEmpty();
        assertThat(master.count("SELECT COUNT(*) FROM file")).isZero();
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> lab.commit(running));
    }

    @Test
    void theLocksOfAnAccountThatGoesAwayGoWithIt() throws Exception {
        var unused = lock(carl, "anna/docs/a");
        var done = master.transactions().run(jakarta.transaction.Transactional.TxType.REQUIRED, () -> {
            master.get(AccountNamespaces.class).onLeaves(new AccountLeaves(carl, java.util.Optional.empty()));
            return true;
        });
        assertThat(done).isTrue();
        assertThat(put(anna, "anna/docs/a")).isEqualTo(2);
    }
}
