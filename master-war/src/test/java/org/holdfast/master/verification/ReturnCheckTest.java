package org.holdfast.master.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Challenge;
import org.holdfast.contract.CopyProof.Found;
import org.holdfast.contract.FailureKind;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.fixture.Refusals;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReturnCheckTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private CheckLab lab;

    @BeforeEach
    void open() throws Exception {
        lab = new CheckLab(master);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** The node was away for an hour and is back. */
    private Optional<String> returns() {
        leaves();
        master.clock().forward(Duration.ofHours(1));
        return check();
    }

    private void leaves() {
        master.clock().forward(Duration.ofHours(1));
        lab.turn(NodeStatus.DOWN);
        lab.turn(NodeStatus.VERIFYING);
    }

    private Optional<String> check() {
        return master.get(ReturnCheck.class).run(lab.sn1(), () -> true);
    }

    private void config(Mode mode, NodeView.Heal heal) {
        master.verify(new VerifyConfig(mode, heal, Duration.ofMinutes(10), Duration.ZERO, Duration.ofDays(90)));
    }

    @Test
    void aNodeWhoseCopiesAreAllRightPassesAndTheyAreVerifiedAnew() throws Exception {
        BlobFacts blob = lab.file("a");
        lab.file("b");
        assertThat(returns()).isEmpty();
        assertThat(lab.check("kind, mode, state, phase, copies_done, copies_total, found"))
                .isEqualTo("RETURN FULL PASSED DIGESTS 2 2 0");
        assertThat(master.rows(
                        "SELECT DISTINCT verified_at > changed_at FROM replica WHERE node_id = ?",
                        lab.sn1().id()))
                .containsExactly("1");
        assertThat(lab.copy(blob)).isEqualTo("VERIFIED");
        assertThat(master.rows(
                        "SELECT COUNT(*) FROM replica WHERE node_id <> ? AND verified_at > changed_at",
                        lab.sn1().id()))
                .containsExactly("0");
    }

    /** As after a busy minute: only what was made or changed meanwhile is looked at. */
    @Test
    void aProcessThatHasProvedItselfAndWasSilentForAShortTimeProvesWhatChanged() throws Exception {
        BlobFacts before = lab.file("before");
        BlobFacts suspect = lab.file("suspect");
        master.sql("UPDATE storage_node SET boot_id = 'b', proved_boot_id = 'b' WHERE name = 'sn1'");
        leaves();
        BlobFacts meanwhile = lab.file("meanwhile");
        master.sql(
                "UPDATE replica SET state = 'SUSPECT' WHERE blob_id = ?",
                suspect.id().value());
        lab.disk().rot(before);
        assertThat(check()).isEmpty();
        assertThat(lab.check("mode, state, copies_done"))
                .as("a suspect is verified, and then looked at with those that were changed")
                .isEqualTo("CHANGES PASSED 3");
        assertThat(List.of(lab.copy(suspect), lab.copy(meanwhile))).containsOnly("VERIFIED");
        lab.disk().rot(meanwhile);
        assertThat(check()).hasValueSatisfying(why -> assertThat(why).startsWith("1 of 2 copies are bad"));
        master.clock().forward(Duration.ofHours(1));
        assertThat(check()).as("after an hour everything is read").isPresent();
        assertThat(lab.check("mode, state, found")).isEqualTo("FULL FAILED 2");
    }

    @Test
    void everythingThatIsWrongIsFoundInOnePassAndNamed() throws Exception {
        BlobFacts rotten = lab.file("rotten");
        BlobFacts cut = lab.file("cut");
        BlobFacts bare = lab.file("bare");
        BlobFacts lost = lab.file("lost");
        BlobFacts unreadable = lab.file("unreadable");
        BlobFacts good = lab.file("good");
        lab.disk().rot(rotten);
        lab.disk().put(cut.id(), Found.CUT, 1, "");
        lab.disk().put(bare.id(), Found.BARE, 4, "");
        lab.disk().put(unreadable.id(), Found.UNREADABLE, 4, "");
        lab.disk().lose(lost.id());
        assertThat(returns())
                .hasValueSatisfying(
                        why -> assertThat(why).startsWith("5 of 6 copies are bad or missing, among them the blobs 0"));
        assertThat(List.of(lab.copy(rotten), lab.copy(cut), lab.copy(bare), lab.copy(unreadable)))
                .containsOnly("CORRUPT");
        assertThat(List.of(lab.copy(lost), lab.copy(good))).containsExactly("LOST", "VERIFIED");
        assertThat(lab.check("state, found")).isEqualTo("FAILED 5");
        assertThat(master.rows("SELECT what, path FROM check_finding ORDER BY path"))
                .containsExactly(
                        "NO_SIDECAR admin/bare",
                        "WRONG_SIZE admin/cut",
                        "MISSING admin/lost",
                        "WRONG_BYTES admin/rotten",
                        "UNREADABLE admin/unreadable");
        assertThat(lab.disk().has(rotten.id())).isTrue();
    }

    @Test
    void bytesOfAnotherLengthAreWrongWhateverTheirSidecarSays() throws Exception {
        BlobFacts blob = lab.file("a");
        lab.disk()
                .put(
                        blob.id(),
                        Found.DIGESTED,
                        2,
                        blob.digests().values().values().iterator().next());
        assertThat(returns()).isPresent();
        assertThat(master.rows("SELECT what FROM check_finding")).containsExactly("WRONG_SIZE");
    }

    @Test
    void mendedCopiesAreVerifiedAgainAndNotMendedOnesFailAgain() throws Exception {
        BlobFacts blob = lab.file("a");
        lab.disk().rot(blob);
        assertThat(returns()).isPresent();
        assertThat(check()).isPresent();
        lab.disk().keep(blob);
        assertThat(check()).isEmpty();
        assertThat(lab.copy(blob)).isEqualTo("VERIFIED");
        lab.disk().lose(blob.id());
        assertThat(check()).isPresent();
        assertThat(check()).isPresent();
    }

    @Test
    void aCopyThatWasKnownToBeLostBeforeTheNodeLeftIsNotHeldAgainstIt() throws Exception {
        BlobFacts blob = lab.file("a");
        lab.disk().lose(blob.id());
        master.sql("UPDATE replica SET state = 'CORRUPT'");
        assertThat(returns()).isEmpty();
        assertThat(lab.copy(blob)).isEqualTo("CORRUPT");
    }

    @Test
    void aCopyThatIsDeletedOrChangedWhileItIsChallengedIsNotBlamed() throws Exception {
        BlobFacts deleted = lab.file("deleted");
        BlobFacts changed = lab.file("changed");
        lab.disk().lose(deleted.id());
        lab.disk().rot(changed);
        var asked = new AtomicInteger();
        lab.disk().beforeAnswer(challenge -> {
            try {
                if (asked.incrementAndGet() == 1) {
                    master.sql(
                            "UPDATE replica SET state = 'DELETING' WHERE blob_id = ?",
                            deleted.id().value());
                } else {
                    // Between the second look and the record: a fresh copy lands.
                    master.sql(
                            "UPDATE replica SET changed_at = '2026-03-03' WHERE blob_id = ?",
                            changed.id().value());
                }
            } catch (java.sql.SQLException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(returns()).isEmpty();
        assertThat(List.of(lab.copy(deleted), lab.copy(changed))).containsExactly("DELETING", "VERIFIED");
        assertThat(lab.disk().challenges()).hasSize(2);
        assertThat(lab.disk().challenges().get(1).digests()).containsExactly(changed.id());
    }

    @Test
    void theNodeCatchesUpBeforeItIsChallenged() throws Exception {
        lab.file("a");
        lab.file("a");
        assertThat(returns()).isEmpty();
        assertThat(lab.disk().applied()).isEqualTo(2);
        assertThat(master.count("SELECT COUNT(*) FROM change_log WHERE seq IS NULL"))
                .isZero();
    }

    @Test
    void whereTheLogDoesNotReachBackEverythingIsCompared() throws Exception {
        BlobFacts blob = lab.file("a");
        BlobId unknown = BlobId.next(master.clock());
        lab.disk().put(unknown, Found.DIGESTED, 7, "");
        lab.disk().strangers("notes.txt");
        lab.disk().isTooFarBehind();
        leaves();
        master.clock().forward(CompareInventory.YOUNG.plusSeconds(1));
        BlobId young = BlobId.next(master.clock());
        lab.disk().put(young, Found.DIGESTED, 7, "");
        assertThat(check()).isEmpty();
        assertThat(lab.disk().quarantineReason(unknown)).isPresent();
        assertThat(lab.disk().has(young)).isTrue();
        assertThat(lab.disk().has(blob.id())).isTrue();
        assertThat(lab.disk().applied()).isOne();
        assertThat(master.rows("SELECT what, name FROM check_finding ORDER BY what"))
                .containsExactly("STRANGER notes.txt", "UNKNOWN " + unknown);
    }

    @Test
    void aNodeThatIsToBeHealedGetsItsCopiesBackAndProvesThem() throws Exception {
        BlobFacts rotten = lab.file("rotten");
        lab.file("good");
        lab.disk().rot(rotten);
        config(Mode.FULL, NodeView.Heal.AUTO);
        leaves();
        // The worker, once the bad copy is away and its repair is enqueued; before, the first challenge was wrong.
        assertThat(check()).hasValueSatisfying(why -> assertThat(why).contains("1 bad copies could not be restored"));
        assertThat(lab.disk().quarantineReason(rotten.id())).isPresent();
        assertThat(lab.tasks(rotten)).containsExactly("REPLICATE 0");
        lab.disk().keep(rotten);
        assertThat(check()).isEmpty();
    }

    @Test
    void healingWaitsForTheRepairs() throws Exception {
        BlobFacts rotten = lab.file("rotten");
        lab.disk().rot(rotten);
        master.verify(new VerifyConfig(
                Mode.FULL, NodeView.Heal.AUTO, Duration.ofMinutes(10), Duration.ofDays(1), Duration.ofDays(90)));
        leaves();
        var rounds = new AtomicInteger();
        Optional<String> wrong = master.get(ReturnCheck.class).run(lab.sn1(), () -> {
            repairOnceEnqueued(rotten, rounds);
            return true;
        });
        assertThat(wrong).isEmpty();
        assertThat(lab.check("state, phase, detail")).contains("PASSED HEAL 1 bad copies were restored");
        assertThat(lab.disk()
                        .challenges()
                        .get(lab.disk().challenges().size() - 1)
                        .digests())
                .contains(rotten.id());
    }

    private void repairOnceEnqueued(BlobFacts blob, AtomicInteger rounds) {
        try {
            if (!lab.tasks(blob).isEmpty() && rounds.incrementAndGet() == 2) {
                lab.disk().keep(blob);
                master.sql(
                        "UPDATE replica SET state = 'VERIFIED', changed_at = ? WHERE node_id = ?",
                        java.time.LocalDateTime.ofInstant(master.clock().instant(), java.time.ZoneOffset.UTC),
                        lab.sn1().id());
            }
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void sinceLastSeenReadsWhatIsYoungerAndLooksAtTheRest() throws Exception {
        BlobFacts old = lab.file("old");
        BlobFacts rotten = lab.file("rotten");
        master.clock().forward(Duration.ofHours(1));
        BlobFacts young = lab.file("young");
        master.sql("UPDATE replica SET verified_at = changed_at");
        lab.disk().rot(rotten);
        config(Mode.SINCE_LAST_SEEN, NodeView.Heal.MANUAL);
        lab.turn(NodeStatus.DOWN);
        lab.turn(NodeStatus.VERIFYING);
        assertThat(check()).isEmpty();
        Challenge challenge = lab.disk().challenges().get(0);
        assertThat(challenge.digests()).containsExactly(young.id());
        assertThat(challenge.presence()).containsExactlyInAnyOrder(old.id(), rotten.id());
        lab.disk().lose(old.id());
        assertThat(check()).isPresent();
    }

    @Test
    void aSampleReadsAHundredAndLooksAtAll() throws Exception {
        master.sql("INSERT INTO blob_ (id, size, md5, sha256, created_at) SELECT CONCAT('0AAAAAAAAAAAAAAAAAAAAA',"
                + " LPAD(seq, 4, '0')), 1, REPEAT('a', 32), REPEAT('a', 64), '2026-02-01' FROM seq_1_to_1000");
        master.sql(
                "INSERT INTO replica (blob_id, node_id, priority, state, verified_at, changed_at)"
                        + " SELECT id, ?, 0, 'VERIFIED', '2026-02-01', '2026-02-01' FROM blob_",
                lab.sn1().id());
        for (int i = 1; i <= 1000; i++) {
            lab.disk()
                    .put(new BlobId(String.format("0AAAAAAAAAAAAAAAAAAAAA%04d", i)), Found.DIGESTED, 1, "a".repeat(64));
        }
        config(Mode.SAMPLE, NodeView.Heal.MANUAL);
        assertThat(returns()).isEmpty();
        assertThat(lab.disk().challenges().stream()
                        .mapToInt(one -> one.digests().size())
                        .sum())
                .isEqualTo(100);
        assertThat(lab.disk().challenges().stream()
                        .mapToInt(one -> one.presence().size())
                        .sum())
                .isEqualTo(900);
        assertThat(lab.check("copies_done, copies_total, bytes_done, bytes_total"))
                .isEqualTo("1000 1000 1000 1000");
    }

    @Test
    void aNodeThatStumblesIsAskedAgain() throws Exception {
        lab.file("a");
        lab.disk().failNext(2);
        assertThat(returns()).isEmpty();
    }

    @Test
    void aCheckThatIsNotWantedAnyMoreEndsWithoutAnOutcome() throws Exception {
        BlobFacts blob = lab.file("a");
        lab.disk().rot(blob);
        leaves();
        assertThatThrownBy(() -> master.get(ReturnCheck.class)
                        .run(lab.sn1(), () -> lab.disk().challenges().isEmpty()))
                .isInstanceOfSatisfying(
                        CheckEnded.class, e -> assertThat(e.isWanted()).isFalse());
        assertThat(lab.check("state")).isEqualTo("INTERRUPTED");
        assertThat(lab.copy(blob)).isEqualTo("VERIFIED");
    }

    @Test
    void aMasterThatLeadsNoMoreRecordsNothing() throws Exception {
        BlobFacts blob = lab.file("a");
        lab.disk().rot(blob);
        leaves();
        lab.disk().beforeAnswer(challenge -> {
            try {
                master.sql("UPDATE lease SET holder = 'm2/x' WHERE name = 'leader'");
            } catch (java.sql.SQLException e) {
                throw new AssertionError(e);
            }
        });
        Refusals.assertRefused(FailureKind.UNAVAILABLE, "not-leader", this::check);
        assertThat(lab.copy(blob)).isEqualTo("VERIFIED");
    }
}
