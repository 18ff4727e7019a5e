package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.Landing;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.PutTerms;
import org.holdfast.contract.Ticket;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.account.EditAccounts;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CommitPutTest {
    private static final List<String> TABLES =
            List.of("folder", "file", "file_version", "blob_", "replica", "task", "change_log");

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void threeNodes() {
        var unused = TestNodes.running(master, "sn1", "sn2", "sn3");
    }

    private List<String> everything() throws SQLException {
        var all = new java.util.ArrayList<String>();
        for (String table : TABLES) {
            all.addAll(master.rows("SELECT '" + table + "', t.* FROM " + table + " t ORDER BY 2, 3"));
        }
        return all;
    }

    private static PutTerms conditions(Optional<String> ifMatch, Optional<String> ifNoneMatch) {
        return new PutTerms("admin", OnConflict.REPLACE, ifMatch, ifNoneMatch, 1, Set.of());
    }

    @Test
    void aNewNameGetsItsFirstVersionAndTheTasksForItsCopies() throws Exception {
        var reply = master.put("admin/dir/a.txt");
        assertThat(reply.version()).isEqualTo(1);
        assertThat(reply.durableCopies()).isEqualTo(1);
        assertThat(reply.wantedCopies()).isEqualTo(3);
        assertThat(reply.renamed()).isFalse();
        assertThat(master.rows("SELECT r.priority, r.state, t.kind, t.state FROM replica r LEFT JOIN task t"
                        + " ON t.blob_id = r.blob_id AND t.target_node_id = r.node_id ORDER BY r.priority"))
                .containsExactly("0 VERIFIED - -", "1 PLANNED REPLICATE QUEUED", "2 PLANNED REPLICATE QUEUED");
        assertThat(master.rows("SELECT n.name FROM replica r JOIN storage_node n ON n.id = r.node_id"
                        + " WHERE r.priority = 0"))
                .containsExactly("sn1");
        assertThat(master.rows("SELECT kind, path, blob_id, account_id FROM change_log"))
                .containsExactly("PUT admin/dir/a.txt " + reply.blob().id() + " "
                        + master.admin().accountId());
    }

    @Test
    void aTicketMakesOneVersionWhateverIsSentWithItLaterElsewhere() throws Exception {
        BlobFacts blob = master.blob("x");
        var ticket = master.ticket(
                "admin/a",
                new BlobFacts(blob.id(), BlobFacts.UNKNOWN_SIZE, Digests.NONE),
                TestMaster.terms(OnConflict.REPLACE));
        var commit = master.get(CommitPut.class);
        var reply = commit.commit(ticket, new Landing("sn1", blob));
        var before = everything();
        var other = new BlobFacts(blob.id(), blob.sizeBytes(), master.blob("y").digests());
        assertRefused(FailureKind.CONFLICT, "conflict", () -> commit.commit(ticket, new Landing("sn2", other)));
        assertThat(commit.commit(ticket, new Landing("sn1", blob)).toJson()).isEqualTo(reply.toJson());
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aTicketWhoseFileIsGoneStoresNothingMore() throws Exception {
        var changeNames = master.get(ChangeNames.class);
        for (OnConflict onConflict : new OnConflict[] {OnConflict.RENAME, OnConflict.REPLACE}) {
            BlobFacts blob = master.blob("bytes");
            var ticket = master.ticket("admin/a.txt", blob, TestMaster.terms(onConflict));
            var landing = new Landing("sn1", blob);
            var unused = master.get(CommitPut.class).commit(ticket, landing);
            changeNames.removeFile(master.admin(), ticket.address(), Conditions.NONE);
            var before = everything();
            // Without a second try: what fails in the same way each time is no contention.
            assertRefused(
                    FailureKind.CONFLICT,
                    "conflict",
                    () -> master.get(CommitPut.class).commit(ticket, landing));
            assertThat(everything()).isEqualTo(before);
        }
    }

    @Test
    void aUsedTicketTellsNothingToWhomItServesNoLonger() throws Exception {
        var share = master.get(ShareNames.class);
        var drop = new FileAddress("admin", "drop");
        var carl = master.user("carl");
        var terms = new PutTerms("carl", OnConflict.REPLACE, Optional.empty(), Optional.empty(), 1, Set.of());
        var unused = master.put("admin/drop/there");
        unused = master.put("admin/secret/there");
        share.grant(master.admin(), drop, "carl", FileRole.EDITOR);
        BlobFacts blob = master.blob("carl's");
        var ticket = master.ticket("admin/drop/a", blob, terms);
        ThrowingCallable again = () -> assertThat(master.get(CommitPut.class).commit(ticket, new Landing("sn1", blob)))
                .isNull();
        unused = master.get(CommitPut.class).commit(ticket, new Landing("sn1", blob));
        var moved = master.get(MoveNames.class)
                .move(master.admin(), ticket.address(), new FileAddress("admin", "secret/b"), OnConflict.FAIL);
        assertRefused(FailureKind.CONFLICT, "conflict", again);
        assertThatThrownBy(again).hasMessageNotContaining("secret");
        share.grant(master.admin(), drop, "carl", FileRole.READER);
        assertRefused(FailureKind.FORBIDDEN, "forbidden", again);
        share.revoke(master.admin(), drop, "carl");
        assertRefused(FailureKind.NOT_FOUND, "not-found", again);
        assertThatThrownBy(again).hasMessageNotContaining("secret");
        // Whoever may write where it is now knows the place anyway.
        share.grant(master.admin(), new FileAddress("admin", "secret"), "carl", FileRole.EDITOR);
        assertThat(master.get(CommitPut.class)
                        .commit(ticket, new Landing("sn1", blob))
                        .address())
                .isEqualTo(moved);
        master.sql("UPDATE account SET suspended = TRUE WHERE id = ?", carl.accountId());
        assertRefused(FailureKind.NOT_FOUND, "not-found", again);
    }

    @Test
    void everyNodeThatHasLandedTheBytesHoldsAVerifiedCopy() throws Exception {
        BlobFacts blob = master.blob("x");
        var ticket = master.ticket(
                "admin/a", blob, TestMaster.terms(OnConflict.REPLACE).with(2, List.of()));
        var landing = new Landing(List.of("sn2", "sn3"), blob);
        var reply = master.get(CommitPut.class).commit(ticket, landing);
        assertThat(reply.durableCopies()).isEqualTo(2);
        assertThat(reply.wantedCopies()).isEqualTo(3);
        assertThat(master.rows("SELECT n.name, r.priority, r.state, r.verified_at IS NOT NULL FROM replica r"
                        + " JOIN storage_node n ON n.id = r.node_id ORDER BY r.priority"))
                .containsExactly("sn2 0 VERIFIED 1", "sn3 1 VERIFIED 1", "sn1 2 PLANNED 0");
        assertThat(master.rows("SELECT n.name FROM task t JOIN storage_node n ON n.id = t.target_node_id"))
                .containsExactly("sn1");
        assertThat(master.get(CommitPut.class).commit(ticket, landing).toJson()).isEqualTo(reply.toJson());
        // A node asks what becomes of its uncommitted blobs: a copy that the commit did not name is nobody's.
        var copies = master.get(org.holdfast.master.replication.CopiesOfBlob.class);
        assertThat(copies.known("sn3", List.of(blob.id().value(), "01KJMMA2G0BPBVXAW30DSPYN7Q")))
                .containsExactly(blob.id().value());
        master.sql("DELETE FROM replica WHERE priority = 1");
        assertThat(copies.known("sn3", List.of(blob.id().value()))).isEmpty();
    }

    @Test
    void fewerLandingsThanThePutAsksForAreRefused() throws Exception {
        var before = everything();
        BlobFacts blob = master.blob("x");
        var ticket = master.ticket(
                "admin/a", blob, TestMaster.terms(OnConflict.REPLACE).with(2, List.of()));
        assertRefused(
                FailureKind.INVALID,
                "durability-unmet",
                () -> master.get(CommitPut.class).commit(ticket, new Landing("sn1", blob)));
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void replacingDropsTheOldCopiesAfterTheGraceWhereNoneAreKept() throws Exception {
        assertThat(master.sql("UPDATE namespace SET versions_kept = 0")).isOne();
        var old = master.put("admin/a.txt").blob().id();
        var reply = master.put("admin/a.txt", master.blob("new"), TestMaster.terms(OnConflict.REPLACE));
        assertThat(reply.version()).isEqualTo(2);
        assertThat(master.rows("SELECT v.number, v.blob_id FROM file f JOIN file_version v ON v.id = f.version_id"))
                .containsExactly("2 " + reply.blob().id());
        assertThat(master.count("SELECT COUNT(*) FROM file_version")).isEqualTo(1);
        assertThat(master.rows("SELECT state FROM replica WHERE blob_id = ?", old.value()))
                .containsExactly("DELETING", "DELETING", "DELETING");
        assertThat(master.rows("SELECT kind, state FROM task WHERE blob_id = ? ORDER BY kind, state", old.value()))
                .containsExactly(
                        "DELETE QUEUED",
                        "DELETE QUEUED",
                        "DELETE QUEUED",
                        "REPLICATE CANCELLED",
                        "REPLICATE CANCELLED");
        var due = java.sql.Timestamp.valueOf(java.time.LocalDateTime.ofInstant(
                master.clock().instant().plus(TestWiring.DELETE_GRACE), java.time.ZoneOffset.UTC));
        assertThat(master.rows(
                        "SELECT DISTINCT not_before = ? FROM task WHERE blob_id = ? AND kind = 'DELETE'",
                        due,
                        old.value()))
                .containsExactly("1");
    }

    @Test
    void renameKeepsBoth() {
        var first = master.put("admin/report.pdf");
        var second = master.put("admin/report.pdf", OnConflict.RENAME);
        var third = master.put("admin/report.pdf", OnConflict.RENAME);
        assertThat(first.renamed()).isFalse();
        assertThat(second.address().path()).isEqualTo("report (2).pdf");
        assertThat(second.renamed()).isTrue();
        assertThat(second.version()).isEqualTo(1);
        assertThat(third.address().path()).isEqualTo("report (3).pdf");
        assertThat(master.put("admin/free.pdf", OnConflict.RENAME).address().path())
                .isEqualTo("free.pdf");
    }

    @Test
    void renameKnowsFoldersAndLooksAlikesApart() {
        var unused = master.put("admin/a_b.txt");
        unused = master.put("admin/a_b (2).txt/inside");
        unused = master.put("admin/aXb (3).txt");
        assertThat(master.put("admin/a_b.txt", OnConflict.RENAME).address().path())
                .isEqualTo("a_b (3).txt");
    }

    @Test
    void renameFindsNamesForTheLongestNames() {
        for (String name :
                List.of("n".repeat(255), "n".repeat(251) + ".txt", "\u00e4".repeat(127), "a." + "x".repeat(253))) {
            var paths = new java.util.HashSet<String>();
            for (int i = 0; i < 12; i++) {
                paths.add(
                        master.put("admin/" + name, OnConflict.RENAME).address().path());
            }
            assertThat(paths).hasSize(12);
        }
    }

    @Test
    void failRefusesAndLeavesNothing() throws Exception {
        var unused = master.put("admin/a.txt");
        var before = everything();
        assertRefused(FailureKind.CONFLICT, "conflict", () -> master.put("admin/a.txt", OnConflict.FAIL));
        assertThat(everything()).isEqualTo(before);
        assertThat(master.put("admin/b.txt", OnConflict.FAIL).version()).isEqualTo(1);
    }

    @Test
    void conditionsAreHeldAgainstTheCurrentVersion() throws Exception {
        String etag = master.put("admin/a.txt").blob().digests().etag();
        var before = everything();
        assertRefused(
                FailureKind.PRECONDITION,
                "precondition-failed",
                () -> master.put(
                        "admin/a.txt", master.blob("x"), conditions(Optional.of("\"other\""), Optional.empty())));
        assertRefused(
                FailureKind.PRECONDITION,
                "precondition-failed",
                () -> master.put(
                        "admin/deep/er/missing.txt", master.blob("x"), conditions(Optional.of("*"), Optional.empty())));
        assertRefused(
                FailureKind.PRECONDITION,
                "precondition-failed",
                () -> master.put("admin/a.txt", master.blob("x"), conditions(Optional.empty(), Optional.of("*"))));
        // Not even the folders of the refused address are there.
        assertThat(everything()).isEqualTo(before);
        var next = master.put("admin/a.txt", master.blob("x"), conditions(Optional.of(etag), Optional.empty()));
        assertThat(next.version()).isEqualTo(2);
        assertThat(master.put("admin/b.txt", master.blob("y"), conditions(Optional.empty(), Optional.of("*")))
                        .version())
                .isEqualTo(1);
    }

    @Test
    void committingTheSameBlobAgainChangesNothing() throws Exception {
        BlobFacts blob = master.blob("bytes");
        var terms = TestMaster.terms(OnConflict.RENAME);
        var unused = master.put("admin/a.txt");
        var reply = master.put("admin/a.txt", blob, terms);
        var before = everything();
        var again = master.put("admin/a.txt", blob, terms);
        assertThat(everything()).isEqualTo(before);
        assertThat(again.toJson()).isEqualTo(reply.toJson());
    }

    @Test
    void whatHasLandedMustBeWhatTheTicketWasMadeFor() throws Exception {
        BlobFacts told = master.blob("told");
        var before = everything();
        var ticket = master.ticket("admin/a.txt", told, TestMaster.terms(OnConflict.REPLACE));
        var other = new BlobFacts(told.id(), 4, master.blob("landed").digests());
        assertRefused(
                FailureKind.CORRUPT,
                "digest-mismatch",
                () -> master.get(CommitPut.class).commit(ticket, new Landing("sn1", other)));
        assertRefused(
                FailureKind.CORRUPT,
                "digest-mismatch",
                () -> master.get(CommitPut.class).commit(ticket, new Landing("sn1", master.blob("told"))));
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aRefusalAfterTheFirstRowsLeavesNothing() throws Exception {
        var before = everything();
        var blob = master.blob("x");
        var ticket = master.ticket("admin/new/folder/a.txt", blob, TestMaster.terms(OnConflict.REPLACE));
        // The folders are made before the landing's node turns out to be unknown.
        assertRefused(
                FailureKind.NOT_FOUND,
                "not-found",
                () -> master.get(CommitPut.class).commit(ticket, new Landing("gone", blob)));
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aFileAndAFolderNeverHaveOneName() throws Exception {
        var unused = master.put("admin/file");
        unused = master.put("admin/folder/x");
        var before = everything();
        assertRefused(FailureKind.CONFLICT, "is-a-folder", () -> master.put("admin/folder"));
        assertRefused(FailureKind.CONFLICT, "is-a-folder", () -> master.put("admin/folder", OnConflict.FAIL));
        assertRefused(FailureKind.CONFLICT, "is-a-file", () -> master.put("admin/file/below"));
        assertRefused(FailureKind.CONFLICT, "is-a-file", () -> master.put("admin/file/deep/below"));
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void strangersLearnNothingOfANamespace() throws Exception {
        var unused = master.user("ute");
        var foreign = new PutTerms("ute", OnConflict.REPLACE, Optional.empty(), Optional.empty(), 1, Set.of());
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> master.put("admin/a", master.blob("a"), foreign));
        assertThat(master.put("ute/a", master.blob("a"), foreign).wantedCopies())
                .isEqualTo(1);
    }

    @Test
    void aTicketIsForTheAccountAndNotForALaterOneOfItsName() throws Exception {
        var unused = master.user("ute");
        var terms = new PutTerms("ute", OnConflict.RENAME, Optional.empty(), Optional.empty(), 1, Set.of());
        Ticket early = master.ticket("ute/a", master.blob("a"), terms);
        master.get(EditAccounts.class).remove("ute", Optional.empty());
        unused = master.user("ute");
        Ticket late = master.ticket("ute/a", master.blob("a"), terms);
        var commit = master.get(CommitPut.class);
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> commit.commit(early, new Landing("sn1", early.blob())));
        assertThat(commit.commit(late, new Landing("sn1", late.blob())).version())
                .isOne();
    }

    @Test
    void namesDifferByEveryByte() throws Exception {
        List<String> names = List.of("a", "a ", "A", "\u00e4", "a\u0308", "a  ", " a", "-", "%41", "\ud83d\ude00");
        for (String name : names) {
            assertThat(master.put("admin/" + name).version()).isEqualTo(1);
        }
        for (String name : names) {
            assertThat(master.put("admin/" + name).version()).isEqualTo(2);
        }
        assertThat(master.count("SELECT COUNT(*) FROM file")).isEqualTo(names.size());
        // The same holds for folders.
        for (String name : names) {
            assertThat(master.put("admin/folders/" + name + "/x").version()).isEqualTo(1);
        }
    }

    @Test
    void aHundredAndTwentyEightLevelsAreMadeAndNoMore() throws Exception {
        String path = "admin/" + "d\u00fc/".repeat(128) + "leaf";
        var reply = master.put(path);
        assertThat(reply.address().toString()).isEqualTo(path);
        assertThat(master.count("SELECT COUNT(*) FROM folder")).isEqualTo(129);
        assertThat(master.get(FindNames.class)
                        .file(master.admin(), reply.address())
                        .blob()
                        .id())
                .isEqualTo(reply.blob().id());
        var before = everything();
        assertRefused(
                FailureKind.INVALID, "path-too-deep", () -> master.put("admin/" + "d\u00fc/".repeat(129) + "leaf"));
        assertRefused(FailureKind.INVALID, "path-too-deep", () -> master.put("admin/" + "a/".repeat(2_040) + "leaf"));
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void onlyPutTicketsCommit() {
        var blob = master.blob("x");
        var get = new org.holdfast.contract.Ticket(
                org.holdfast.contract.Ticket.Operation.GET,
                blob,
                new org.holdfast.contract.FileAddress("admin", "a"),
                "text/plain",
                master.clock().instant(),
                Optional.empty());
        assertRefused(
                FailureKind.FORBIDDEN,
                "ticket-invalid",
                () -> master.get(CommitPut.class).commit(get, new Landing("sn1", blob)));
    }

    @Test
    void aClusterOfOneNodePlansNothing() throws Exception {
        var nodes = new TestNodes(master);
        nodes.turn("sn2", org.holdfast.master.cluster.NodeStatus.DOWN);
        nodes.turn("sn3", org.holdfast.master.cluster.AdminState.DRAINING);
        assertThat(master.put("admin/a").wantedCopies()).isEqualTo(3);
        assertThat(master.count("SELECT COUNT(*) FROM replica")).isEqualTo(1);
        assertThat(master.count("SELECT COUNT(*) FROM task")).isZero();
        assertThatThrownBy(() -> master.sql("UPDATE replica SET blob_id = 'x'")).isInstanceOf(SQLException.class);
    }
}
