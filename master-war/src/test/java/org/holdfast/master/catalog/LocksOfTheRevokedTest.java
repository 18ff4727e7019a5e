package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.catalog.LockLab.at;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.Ticket;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Role;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.database.Contention;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A lock stands only while its holder may write there; anna owns the namespace, carl is an editor. */
class LocksOfTheRevokedTest {
    private static final FileAddress ROOT = new FileAddress("anna", "");

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final LockLab lab = new LockLab(master);
    private Caller anna = new Caller(-1, "nobody", Role.USER, 0);
    private Caller carl = anna;

    @BeforeEach
    void anEditorAndALockedFile() throws Exception {
        var unused = TestNodes.running(master, "sn1");
        anna = master.user("anna");
        carl = master.user("carl");
        grant(ROOT, FileRole.EDITOR);
        assertThat(put(anna, "anna/docs/a")).isOne();
        var lock = lock(carl, "anna/docs/a");
        assertThat(lock.user()).isEqualTo("carl");
    }

    private void grant(FileAddress address, FileRole role) {
        master.get(ShareNames.class).grant(anna, address, "carl", role);
    }

    private void revoke(FileAddress address) {
        master.get(ShareNames.class).revoke(anna, address, "carl");
    }

    private int put(Caller caller, String address) {
        return lab.commit(lab.ask(caller, address)).version();
    }

    private LockView lock(Caller caller, String address) {
        return Contention.retry(
                () -> master.get(LockNames.class).lock(caller, at(address), Optional.of(Duration.ofDays(7))));
    }

    private List<String> standing() {
        return master.get(LockNames.class).list(anna, ROOT).stream()
                .map(lock -> lock.address().path() + " " + lock.user())
                .toList();
    }

    private void assertInTheWay() {
        assertRefused(FailureKind.LOCKED, "locked", () -> lab.ask(anna, "anna/docs/a"));
        assertThat(standing()).containsExactly("docs/a carl");
    }

    @Test
    void whoMayWriteNoLongerKeepsNobodyOut() {
        assertInTheWay();
        revoke(ROOT);
        assertThat(standing()).isEmpty();
        assertThat(put(anna, "anna/docs/a")).isEqualTo(2);
        assertThat(lock(anna, "anna/docs/a").user()).isEqualTo("anna");
    }

    @Test
    void aReaderHoldsNoLock() {
        grant(ROOT, FileRole.READER);
        assertThat(standing()).isEmpty();
        assertThat(lock(anna, "anna/docs/a").user()).isEqualTo("anna");
    }

    @Test
    void aRoleOnAFolderAboveOrOnTheFileIsEnough() {
        grant(new FileAddress("anna", "docs"), FileRole.EDITOR);
        revoke(ROOT);
        assertInTheWay();
        grant(new FileAddress("anna", "docs/a"), FileRole.EDITOR);
        revoke(new FileAddress("anna", "docs"));
        assertInTheWay();
        revoke(new FileAddress("anna", "docs/a"));
        assertThat(standing()).isEmpty();
    }

    /** The role goes with the file, so the lock has to be looked at before. */
    @Test
    void aRoleOnTheFileAloneIsEnoughWhenTheFileIsToGo() {
        assertThat(put(anna, "anna/docs/b")).isOne();
        grant(at("anna/docs/a"), FileRole.EDITOR);
        revoke(ROOT);
        assertRefused(
                FailureKind.LOCKED,
                "locked",
                () -> master.get(ChangeNames.class).removeFile(anna, at("anna/docs/a"), Conditions.NONE));
        assertRefused(
                FailureKind.LOCKED,
                "locked",
                () -> master.get(MoveNames.class).move(anna, at("anna/docs/b"), at("anna/docs/a"), OnConflict.REPLACE));
        assertInTheWay();
    }

    @Test
    void aRoleElsewhereIsNot() {
        var other = put(anna, "anna/do/c");
        assertThat(other).isOne();
        grant(new FileAddress("anna", "do"), FileRole.MASTER);
        revoke(ROOT);
        assertThat(standing()).isEmpty();
    }

    @Test
    void whoIsSuspendedOrHasExpiredKeepsNobodyOut() throws Exception {
        for (String ended : new String[] {"suspended = TRUE", "valid_until = '2020-01-01'"}) {
            assertInTheWay();
            master.sql("UPDATE account SET " + ended + " WHERE name = 'carl'");
            assertThat(standing()).isEmpty();
            master.sql("UPDATE account SET suspended = FALSE, valid_until = NULL WHERE name = 'carl'");
        }
        master.sql("UPDATE account SET suspended = TRUE WHERE name = 'carl'");
        master.get(ChangeNames.class).removeFile(anna, at("anna/docs/a"), Conditions.NONE);
    }

    @Test
    void foldersMoveAndGoOverSuchALock() {
        revoke(ROOT);
        assertThat(master.get(MoveNames.class).move(anna, at("anna/docs"), at("anna/moved"), OnConflict.FAIL))
                .isEqualTo(at("anna/moved"));
        assertThat(standing()).isEmpty();
    }

    @Test
    void ownersAndAdministratorsHoldTheirsWithoutAnyGrant() {
        revoke(ROOT);
        var unused = lock(anna, "anna/docs/a");
        unused = lock(master.admin(), "anna/docs/b");
        assertThat(standing()).containsExactly("docs/a anna", "docs/b admin");
    }

    @Test
    void aPutUnderWayStandsNoBetter() {
        Ticket running = lab.ask(carl, "anna/docs/b");
        revoke(ROOT);
        assertThat(put(anna, "anna/docs/b")).isOne();
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> lab.commit(running));
        grant(ROOT, FileRole.EDITOR);
        assertRefused(FailureKind.LOCKED, "lock-lost", () -> lab.commit(running));
    }

    @Test
    void theOwnerEndsAllLocksBelowAFolderAndNobodyElseDoes() throws Exception {
        var locks = master.get(LockNames.class);
        assertThat(put(anna, "anna/docs2/c")).isOne();
        var unused = lock(carl, "anna/docs/deep/b");
        unused = lock(carl, "anna/docs2/c");
        Ticket running = lab.ask(carl, "anna/docs/d");
        grant(ROOT, FileRole.MASTER);
        assertRefused(FailureKind.FORBIDDEN, "forbidden", () -> locks.unlockBelow(carl, at("anna/docs")));
        var eve = master.user("eve");
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> locks.unlockBelow(eve, at("anna/docs")));
        locks.unlockBelow(anna, at("anna/docs"));
        assertThat(standing()).containsExactly("docs2/c carl");
        assertRefused(FailureKind.LOCKED, "lock-lost", () -> lab.commit(running));
        locks.unlockBelow(master.admin(), at("anna/docs2/c"));
        locks.unlockBelow(master.admin(), ROOT);
        assertThat(standing()).isEmpty();
        assertThat(master.rows("SELECT detail FROM node_event WHERE kind = 'LOCK' ORDER BY id"))
                .startsWith("anna broke all locks on anna/docs and below");
    }

    @Test
    void allAccountsTogetherLockNoMoreThanSoManyNamesOfOneNamespace() throws Exception {
        master.get(LockNames.class).unlockBelow(anna, ROOT);
        lab.manyLocks(LockNames.MOST_IN_NAMESPACE, LockKind.EXPLICIT, anna);
        assertRefused(FailureKind.CONFLICT, "too-many-locks", () -> lock(carl, "anna/docs/a"));
        assertThat(lock(carl, "carl/a").user()).isEqualTo("carl");
        master.get(LockNames.class).unlockBelow(anna, at("anna/many"));
        assertThat(lock(carl, "anna/docs/a").user()).isEqualTo("carl");
    }
}
