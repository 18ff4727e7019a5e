package org.holdfast.master.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.CopyProof.Found;
import org.holdfast.master.alarm.Alarm;
import org.holdfast.master.alarm.FindAlarms;
import org.holdfast.master.catalog.NumberChanges;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ScrubTest {
    private static final Duration DUE = TestWiring.SCRUB_EVERY.multipliedBy(3).dividedBy(4);

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

    private void beat() throws Exception {
        master.get(Scrub.class).beat();
        master.sql("UPDATE lease SET expires_at = '2100-01-01' WHERE name = 'leader'");
    }

    private void forward(Duration span) {
        master.clock().forward(span);
        assertThat(master.get(org.holdfast.master.cluster.Leadership.class).seek())
                .isTrue();
    }

    private String demand(Optional<String> node, Scope scope) throws Exception {
        String id = master.get(ScrubRequests.class)
                .add(node.map(name -> master.get(ClusterView.class).require(name)), scope);
        forward(Duration.ZERO);
        master.get(ScrubOnDemand.class).beat();
        return id;
    }

    @Test
    void aCopyIsReadAgainWhenItIsDueAndNotBefore() throws Exception {
        BlobFacts blob = lab.file("a");
        forward(DUE.minusSeconds(1));
        beat();
        assertThat(lab.disk().challenges()).isEmpty();
        forward(Duration.ofSeconds(2));
        lab.file("b");
        beat();
        beat();
        assertThat(lab.disk().challenges()).hasSize(1);
        assertThat(lab.disk().challenges().get(0).digests()).containsExactly(blob.id());
        assertThat(lab.disk().challenges().get(0).bytesPerSecond()).isEqualTo(1_000_000_000);
        assertThat(lab.check("kind, state, phase, copies_done, found")).isEqualTo("SCRUB RUNNING DIGESTS 1 0");
    }

    @Test
    void aBadCopyIsTakenAwayMadeAnewAndTold() throws Exception {
        BlobFacts rotten = lab.file("rotten");
        BlobFacts lost = lab.file("lost");
        BlobFacts good = lab.file("good");
        master.sql(
                "DELETE FROM replica WHERE blob_id = ? AND node_id <> ?",
                lost.id().value(),
                lab.sn1().id());
        lab.disk().rot(rotten);
        lab.disk().lose(lost.id());
        forward(DUE.plusSeconds(1));
        beat();
        assertThat(List.of(lab.copy(rotten), lab.copy(lost), lab.copy(good)))
                .containsExactly("CORRUPT", "LOST", "VERIFIED");
        assertThat(lab.disk().quarantineReason(rotten.id()).orElseThrow()).contains("other bytes");
        assertThat(lab.tasks(rotten)).containsExactly("REPLICATE 0");
        assertThat(lab.tasks(lost)).containsExactly("REPLICATE 1");
        assertThat(lab.tasks(good)).isEmpty();
        assertThat(lab.check("found")).isEqualTo("2");
        assertThat(master.rows("SELECT detail FROM node_event WHERE kind = 'COPY' ORDER BY detail"))
                .containsExactly(
                        "The copy of admin/lost (blob " + lost.id() + ") is missing.",
                        "The copy of admin/rotten (blob " + rotten.id() + ") has other bytes than were written.");
        beat();
        assertThat(lab.tasks(rotten)).hasSize(1);
    }

    @Test
    void aRoundBeginsWithALookAtTheWholeDisk() throws Exception {
        BlobFacts bare = lab.file("bare");
        lab.disk().put(bare.id(), Found.BARE, 4, "");
        BlobId unknown = BlobId.next(master.clock());
        lab.disk().put(unknown, Found.DIGESTED, 7, "");
        lab.disk().strangers("notes.txt");
        forward(CompareInventory.YOUNG.plusSeconds(1));
        beat();
        assertThat(lab.copy(bare)).isEqualTo("CORRUPT");
        assertThat(lab.disk().quarantineReason(bare.id()).orElseThrow()).contains("lost its sidecar");
        assertThat(lab.tasks(bare)).hasSize(1);
        assertThat(lab.disk().quarantineReason(unknown)).isPresent();
        assertThat(master.rows("SELECT what FROM check_finding ORDER BY what"))
                .containsExactly("NO_SIDECAR", "STRANGER", "UNKNOWN");
        beat();
        assertThat(lab.check("found, phase")).isEqualTo("3 DIGESTS");
    }

    /** What was put after the copy of the catalog was made is on the disks and nowhere else. */
    @Test
    void whatACatalogDoesNotKnowThatWasRestoredIsKeptUntilAPersonDecides() throws Exception {
        lab.file("a");
        BlobFacts lost = lab.file("lost");
        while (master.get(NumberChanges.class).number()) {}
        long head = master.get(NumberChanges.class).head();
        lab.disk().hasApplied(head);
        master.sql("DELETE FROM replica WHERE blob_id = ?", lost.id().value());
        master.sql("DELETE FROM change_log WHERE seq = ?", head);
        forward(CompareInventory.YOUNG.plusSeconds(1));
        beat();
        assertThat(lab.check("found, phase")).isEqualTo("1 DIGESTS");
        assertThat(lab.disk().has(lost.id())).isTrue();
        assertThat(lab.disk().appliedSeq())
                .as("the next change has that number")
                .isEqualTo(head - 1);
        assertThat(behind())
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .contains("changes " + head + " to " + head + ", which sn1 had", "(1 blob found"));
        master.sql("DELETE FROM catalog_gap");
        assertThat(behind()).isEmpty();
        master.sql("UPDATE copy_check SET phase = 'INVENTORY', position = ''");
        beat();
        assertThat(lab.disk().quarantineReason(lost.id())).isPresent();
    }

    private Optional<String> behind() {
        return master.get(FindAlarms.class).find().stream()
                .filter(alarm -> alarm.kind() == Alarm.Kind.CATALOG_BEHIND)
                .map(Alarm::sentence)
                .findFirst();
    }

    @Test
    void anAlarmTellsAtOnceThatANodeIsAheadOfTheCatalog() throws Exception {
        lab.file("a");
        while (master.get(NumberChanges.class).number()) {}
        long head = master.get(NumberChanges.class).head();
        lab.says(head);
        master.get(NoticeGap.class).beat();
        assertThat(behind()).isEmpty();
        lab.says(head + 3);
        lab.turn(NodeStatus.DOWN);
        master.get(NoticeGap.class).beat();
        assertThat(behind()).as("it can't be told where to go on").isEmpty();
        lab.turn(NodeStatus.RUNNING);
        master.get(NoticeGap.class).beat();
        master.get(NoticeGap.class).beat();
        assertThat(master.count("SELECT COUNT(*) FROM catalog_gap")).isEqualTo(1);
        assertThat(behind())
                .hasValueSatisfying(
                        sentence -> assertThat(sentence).contains("changes " + (head + 1) + " to " + (head + 3)));
        assertThat(lab.disk().appliedSeq()).isEqualTo(head);
        assertThat(master.rows("SELECT kind FROM node_event")).contains("CATALOG");
    }

    @Test
    void whenItsTimeIsOverARoundEndsAndTheNextBegins() throws Exception {
        lab.file("a");
        beat();
        forward(TestWiring.SCRUB_EVERY.plusSeconds(1));
        beat();
        assertThat(master.rows(
                        "SELECT state, copies_total FROM copy_check WHERE node_id = ? ORDER BY id",
                        lab.sn1().id()))
                .containsExactly("PASSED 1", "RUNNING 1");
    }

    @Test
    void aMasterThatDoesNotLeadLeavesItToTheLeader() throws Exception {
        lab.file("a");
        master.clock().forward(DUE.plusDays(9));
        master.get(Scrub.class).beat();
        assertThat(lab.disk().challenges()).isEmpty();
        assertThat(master.count("SELECT COUNT(*) FROM copy_check")).isZero();
    }

    @Test
    void aScrubThatSomebodyAskedForReadsWhatIsInItsScopeAtOnce() throws Exception {
        BlobFacts one = lab.file("docs/a");
        BlobFacts two = lab.file("docs/deep/b");
        lab.file("docsx/c");
        lab.disk().rot(two);
        String id = demand(Optional.empty(), new Scope(Optional.of("admin"), Optional.of("docs")));
        assertThat(lab.disk().challenges().get(0).digests()).containsExactlyInAnyOrder(one.id(), two.id());
        var check = master.get(ListChecks.class).get(id);
        assertThat(check.state()).isEqualTo(CheckRecords.State.FAILED);
        assertThat(check.progress()).isEqualTo(new ListChecks.Progress(2, 4, 2 * 6 + 5, 34, 1));
        assertThat(check.detail().orElseThrow())
                .contains("Bad copies were found.")
                .contains("sn2");
        assertThat(master.get(ListChecks.class).findings(id)).singleElement().satisfies(finding -> {
            assertThat(finding.what()).isEqualTo(Wrong.WRONG_BYTES);
            assertThat(finding.path()).contains("admin/docs/deep/b");
            assertThat(finding.node()).isEqualTo("sn1");
        });
        assertThat(lab.tasks(two)).hasSize(1);
    }

    @Test
    void oneFileOfOneNodeIsAScopeToo() throws Exception {
        BlobFacts file = lab.file("docs/a");
        lab.file("docs/ab");
        String id = demand(Optional.of("sn1"), new Scope(Optional.of("admin"), Optional.of("docs/a")));
        assertThat(lab.disk().challenges()).hasSize(1);
        assertThat(lab.disk().challenges().get(0).digests()).containsExactly(file.id());
        assertThat(lab.check("state, copies_done, copies_total, detail"))
                .isEqualTo("PASSED 1 1 All copies that were read are right.");
        assertThat(master.get(ListChecks.class).get(id).node()).contains("sn1");
    }

    @Test
    void whatAnotherLeaderBeganIsGoneOnWith() throws Exception {
        BlobFacts first = lab.file("a");
        BlobFacts second = lab.file("b");
        String id = master.get(ScrubRequests.class).add(Optional.empty(), Scope.EVERYTHING);
        BlobFacts done = first.id().value().compareTo(second.id().value()) < 0 ? first : second;
        BlobFacts open = done.equals(first) ? second : first;
        master.sql(
                "UPDATE copy_check SET state = 'RUNNING', position = ? WHERE id = ?",
                lab.sn1().id() + ":" + done.id(),
                id);
        forward(Duration.ZERO);
        master.get(ScrubOnDemand.class).beat();
        assertThat(lab.disk().challenges().get(0).digests()).containsExactly(open.id());
    }

    @Test
    void oldChecksAreForgotten() throws Exception {
        lab.file("a");
        demand(Optional.empty(), Scope.EVERYTHING);
        forward(Duration.ofDays(90).minusSeconds(1));
        assertThat(master.get(CheckRecords.class).trim()).isZero();
        forward(Duration.ofSeconds(2));
        assertThat(master.get(CheckRecords.class).trim()).isOne();
    }
}
