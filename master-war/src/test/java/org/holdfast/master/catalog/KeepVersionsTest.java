package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.CommitReply;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.OnConflict;
import org.holdfast.contract.Ticket;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.account.Caller;
import org.holdfast.master.account.Quota;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.database.Contention;
import org.holdfast.master.fixture.AtOnce;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.placement.PlacementPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Versions of files, from the put that makes them older to whatever makes them go, and back. */
class KeepVersionsTest {
    private static final int THREADS = 16;

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private TestNodes nodes = new TestNodes(master);

    @BeforeEach
    void twoNodesAndTwoOlderVersions() {
        nodes = TestNodes.running(master, "sn1", "sn2");
        keep("admin", 2);
    }

    private void keep(String namespace, int versions) {
        var unused = master.get(Namespaces.class)
                .change(
                        master.admin(),
                        namespace,
                        new NamespaceTerms(1, PlacementPolicy.RANDOM, 1, versions),
                        Quota.UNLIMITED);
    }

    private static FileAddress at(String path) {
        return new FileAddress("admin", path);
    }

    private CommitReply put(String path, String text) {
        return master.put("admin/" + path, master.blob(text), TestMaster.terms(OnConflict.REPLACE));
    }

    /** Numbers of the versions of a file, the newest first, and which is the current one. */
    private List<String> versions(String path) {
        return master.get(ListVersions.class).of(master.admin(), at(path)).stream()
                .map(version -> version.file().version() + (version.isCurrent() ? " current" : ""))
                .toList();
    }

    private FileView restore(Caller caller, String path, int number) {
        return Contention.retry(() -> master.get(RestoreVersion.class).restore(caller, at(path), number));
    }

    private String usage(String namespace) throws Exception {
        return master.rows(
                        "SELECT u.files, u.bytes FROM namespace_usage u JOIN namespace n ON n.id = u.namespace_id"
                                + " WHERE n.name = ?",
                        namespace)
                .get(0);
    }

    /** What holds at all times, whatever was done. */
    private void assertNothingLeaksAndAllIsCounted() throws Exception {
        assertThat(master.rows(
                        "SELECT f.name FROM file f JOIN file_version v ON v.file_id = f.id GROUP BY f.id, f.name,"
                                + " f.version_id HAVING MAX(v.number) <> MAX(IF(v.id = f.version_id, v.number, 0))"))
                .as("files whose current version is not the newest")
                .isEmpty();
        assertThat(master.rows("SELECT r.blob_id, r.state FROM replica r LEFT JOIN file_version v"
                        + " ON v.blob_id = r.blob_id WHERE (v.id IS NULL) <> (r.state = 'DELETING')"))
                .as("copies that leak, or that go although their version is kept")
                .isEmpty();
        assertThat(master.rows("SELECT r.blob_id FROM replica r WHERE r.state = 'DELETING' AND NOT EXISTS (SELECT 1"
                        + " FROM task t WHERE t.blob_id = r.blob_id AND t.target_node_id = r.node_id"
                        + " AND t.kind = 'DELETE')"))
                .as("copies that go, and nobody removes them")
                .isEmpty();
        assertThat(master.rows("SELECT b.id FROM blob_ b LEFT JOIN file_version v ON v.blob_id = b.id"
                        + " LEFT JOIN change_log c ON c.dropped_blob_id = b.id WHERE (v.id IS NULL) = (c.id IS NULL)"))
                .as("blobs of which nodes do not learn that they lost their name, or do although they kept it")
                .isEmpty();
        assertThat(master.rows(Files.readString(Path.of("../db/queries/usage-counted-wrong.sql"))))
                .isEmpty();
    }

    @Test
    void aPutKeepsAsManyOlderVersionsAsItsNamespaceSays() throws Exception {
        CommitReply first = put("a", "1");
        for (int number = 2; number <= 3; number++) {
            assertThat(put("a", "x".repeat(number)).version()).isEqualTo(number);
        }
        assertThat(versions("a")).containsExactly("3 current", "2", "1");
        assertThat(master.count("SELECT COUNT(*) FROM change_log WHERE dropped_blob_id IS NOT NULL"))
                .isZero();
        var unused = put("a", "xxxx");
        assertThat(versions("a")).containsExactly("4 current", "3", "2");
        assertThat(master.rows("SELECT kind, dropped_blob_id FROM change_log WHERE dropped_blob_id IS NOT NULL"))
                .containsExactly("PUT " + first.blob().id());
        assertThat(usage("admin")).isEqualTo("1 9");
        assertNothingLeaksAndAllIsCounted();
    }

    @Test
    void aPutTellsWhichVersionItHasMadeAndHowManyOlderOnesAreKept() {
        assertThat(List.of(put("a", "1"), put("a", "2"), put("a", "3"), put("a", "4")))
                .extracting(reply -> reply.version() + " before it " + reply.olderVersions())
                .containsExactly("1 before it 0", "2 before it 1", "3 before it 2", "4 before it 2");
        keep("admin", 0);
        assertThat(put("a", "5").olderVersions()).isZero();
    }

    @Test
    void aPutThatIsSentAgainTellsTheSame() {
        var unused = put("a", "1");
        var blob = master.blob("2");
        CommitReply reply = master.put("admin/a", blob, TestMaster.terms(OnConflict.REPLACE));
        assertThat(reply.olderVersions()).isOne();
        assertThat(master.put("admin/a", blob, TestMaster.terms(OnConflict.REPLACE)))
                .isEqualTo(reply);
    }

    @Test
    void whenFewerAreToBeKeptTheNextPutDropsAllThatAreTooMany() throws Exception {
        keep("admin", 5);
        for (int i = 1; i <= 5; i++) {
            var unused = put("a", "x");
        }
        keep("admin", 1);
        assertThat(versions("a")).hasSize(5);
        var unused = put("a", "x");
        assertThat(versions("a")).containsExactly("6 current", "5");
        assertThat(master.rows("SELECT kind FROM change_log WHERE dropped_blob_id IS NOT NULL ORDER BY id"))
                .containsExactly("PUT", "DROP_VERSION", "DROP_VERSION", "DROP_VERSION");
        keep("admin", 0);
        unused = put("a", "x");
        assertThat(versions("a")).containsExactly("7 current");
        assertNothingLeaksAndAllIsCounted();
    }

    @Test
    void whateverTakesAFileAwayTakesAllItsVersions() throws Exception {
        for (String path : List.of("deleted", "replaced", "kept", "tree/sub/below")) {
            for (int i = 1; i <= 3; i++) {
                var unused = put(path, "x".repeat(i));
            }
        }
        assertThat(usage("admin")).isEqualTo("4 24");
        master.get(ChangeNames.class).removeFile(master.admin(), at("deleted"), Conditions.NONE);
        assertThat(usage("admin")).isEqualTo("3 18");
        var moved = master.get(MoveNames.class).move(master.admin(), at("kept"), at("replaced"), OnConflict.REPLACE);
        assertThat(versions(moved.path())).containsExactly("3 current", "2", "1");
        assertThat(usage("admin")).isEqualTo("2 12");
        assertNothingLeaksAndAllIsCounted();
        master.get(RemoveTree.class).files(master.admin(), at("tree"));
        assertThat(usage("admin")).isEqualTo("1 6");
        assertThat(master.count("SELECT COUNT(*) FROM file_version")).isEqualTo(3);
        assertNothingLeaksAndAllIsCounted();
        assertThat(put("deleted", "x").version()).as("a new file").isOne();
    }

    @Test
    void olderVersionsGoAlongWithTheirFileAndCountWhereItIs() throws Exception {
        for (int i = 1; i <= 3; i++) {
            var unused = put("d/a", "x".repeat(i));
        }
        master.namespace("team", 1);
        var unused = master.get(MoveNames.class)
                .move(master.admin(), at("d"), new FileAddress("team", "d"), OnConflict.FAIL);
        assertThat(usage("admin") + ", " + usage("team")).isEqualTo("0 0, 1 6");
        unused = master.get(MoveNames.class)
                .move(master.admin(), new FileAddress("team", "d/a"), at("a"), OnConflict.FAIL);
        assertThat(usage("admin") + ", " + usage("team")).isEqualTo("1 6, 0 0");
        assertThat(versions("a")).containsExactly("3 current", "2", "1");
        assertNothingLeaksAndAllIsCounted();
    }

    @Test
    void theClusterCountsEachFileOnceAndTheCopiesOfAllItsVersions() {
        for (int i = 1; i <= 3; i++) {
            var unused = put("a", "x".repeat(i));
        }
        var totals = master.get(ClusterTotals.class).count();
        assertThat(totals.files()).isOne();
        assertThat(totals.bytes()).isEqualTo(6);
        assertThat(totals.copies().wanted()).isEqualTo(6);
        assertThat(totals.copies().underReplicated()).isEqualTo(3);
    }

    @Test
    void olderVersionsCountForTheQuotaBeforeAPutAndInIt() throws Exception {
        master.sql("UPDATE namespace SET quota_bytes = 10, versions_kept = 1 WHERE name = 'admin'");
        var unused = put("a", "12345");
        ask("a", 5);
        assertExceeded(() -> ask("a", 6));
        assertExceeded(() -> put("a", "123456"));
        unused = put("a", "12345");
        ask("a", 5);
        assertExceeded(() -> ask("a", 6));
        assertThat(put("a", "1").version()).as("the oldest makes room").isEqualTo(3);
        master.sql("UPDATE namespace SET versions_kept = 0 WHERE name = 'admin'");
        ask("a", 10);
        assertExceeded(() -> ask("a", 11));
        assertThat(put("a", "1234567890").version()).isEqualTo(4);
        assertNothingLeaksAndAllIsCounted();
    }

    private void ask(String path, long size) {
        var wish = new RequestUpload.Wish(
                at(path),
                size,
                Digests.NONE,
                Optional.empty(),
                TestMaster.terms(OnConflict.REPLACE),
                new RequestUpload.NodeChoice(Set.of(), Optional.empty()),
                Optional.of("one-writer"));
        var upload =
                Contention.retry(() -> master.get(RequestUpload.class).ask(master.admin(), wish, Ticket.Operation.PUT));
        master.get(LockTransfers.class)
                .release(List.of(upload.lock().orElseThrow().token()));
    }

    private static void assertExceeded(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertRefused(FailureKind.TOO_LARGE, "quota-exceeded", call);
    }

    @Test
    void aVersionIsFoundByItsNumberByWhoMayReadTheFile() throws Exception {
        CommitReply first = put("a", "first");
        var unused = put("a", "second");
        var names = master.get(FindNames.class);
        FileView old = names.version(master.admin(), at("a"), 1);
        assertThat(old.blob()).isEqualTo(first.blob());
        assertThat(old.version()).isOne();
        assertThat(names.version(master.admin(), at("a"), 2)).isEqualTo(names.file(master.admin(), at("a")));
        assertThat(master.get(ReadFile.class)
                        .locate("admin", old, Optional.empty())
                        .ticket()
                        .blob())
                .isEqualTo(first.blob());
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> names.version(master.admin(), at("a"), 3));
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> names.version(master.admin(), at("b"), 1));
        Caller stranger = master.user("bob");
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> names.version(stranger, at("a"), 1));
        assertRefused(
                FailureKind.NOT_FOUND,
                "not-found",
                () -> master.get(ListVersions.class).of(stranger, at("a")));
        assertRefused(
                FailureKind.NOT_FOUND,
                "not-found",
                () -> master.get(ListVersions.class).of(master.admin(), at("b")));
    }

    @Test
    void aRestoredVersionIsTheNewestAndTheOneBeforeIsKept() throws Exception {
        CommitReply first = put("a", "first");
        CommitReply second = put("a", "2nd");
        String before = usage("admin");
        Caller bob = master.user("bob");
        master.get(ShareNames.class).grant(master.admin(), at("a"), "bob", FileRole.EDITOR);
        FileView restored = restore(bob, "a", 1);
        assertThat(restored.blob()).isEqualTo(first.blob());
        assertThat(restored.version()).isEqualTo(3);
        assertThat(master.get(ListVersions.class).of(master.admin(), at("a")))
                .extracting(version -> version.file().version() + " " + version.by() + " "
                        + version.file().blob().id())
                .containsExactly(
                        "3 bob " + first.blob().id(), "2 admin " + second.blob().id());
        assertThat(usage("admin")).isEqualTo(before);
        assertThat(master.rows("SELECT kind, blob_id, dropped_blob_id FROM change_log ORDER BY id DESC LIMIT 1"))
                .containsExactly("RESTORE " + first.blob().id() + " -");
        assertThat(restore(master.admin(), "a", 3)).as("nothing changes").isEqualTo(restored);
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> restore(master.admin(), "a", 1));
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> restore(master.admin(), "b", 1));
        assertThat(put("a", "x").version()).isEqualTo(4);
        assertNothingLeaksAndAllIsCounted();
    }

    @Test
    void aRestoreDropsWhatIsTooOldAsAPutDoes() throws Exception {
        CommitReply first = put("a", "first");
        var unused = put("a", "2nd");
        keep("admin", 0);
        assertThat(restore(master.admin(), "a", 1).blob()).isEqualTo(first.blob());
        assertThat(versions("a")).containsExactly("3 current");
        assertThat(usage("admin")).isEqualTo("1 5");
        assertNothingLeaksAndAllIsCounted();
    }

    @Test
    void aRestoreIsRefusedToReadersAgainstLocksAndWhereNothingCanBeRead() throws Exception {
        var unused = put("a", "first");
        unused = put("a", "2nd");
        Caller bob = master.user("bob");
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> restore(bob, "a", 1));
        master.get(ShareNames.class).grant(master.admin(), at(""), "bob", FileRole.READER);
        assertRefused(FailureKind.FORBIDDEN, "forbidden", () -> restore(bob, "a", 1));
        master.get(ShareNames.class).grant(master.admin(), at(""), "bob", FileRole.EDITOR);
        var lock = master.get(LockNames.class).lock(bob, at("a"), Optional.empty());
        assertRefused(FailureKind.LOCKED, "locked", () -> restore(master.admin(), "a", 1));
        master.get(LockNames.class).unlock(bob, lock.address());
        nodes.turn("sn1", NodeStatus.DOWN);
        assertRefused(FailureKind.UNAVAILABLE, "unavailable", () -> restore(bob, "a", 1));
        assertThat(versions("a")).containsExactly("2 current", "1");
        nodes.turn("sn1", NodeStatus.RUNNING);
        assertThat(restore(bob, "a", 1).version()).isEqualTo(3);
    }

    @Test
    void putsAtOnceKeepExactlyTheNewestVersions() throws Exception {
        var replies = AtOnce.run(THREADS, i -> () -> put("same", "bytes of " + i));
        assertThat(replies.stream().map(CommitReply::version).distinct()).hasSize(THREADS);
        assertThat(versions("same")).containsExactly(THREADS + " current", THREADS - 1 + "", THREADS - 2 + "");
        assertNothingLeaksAndAllIsCounted();
    }

    @Test
    void putsRestoresAndRemovalsAtOnceLeaveNothingBehind() throws Exception {
        for (int round = 0; round < 3; round++) {
            var unused = put("same", "1");
            unused = put("same", "22");
            int newest = put("same", "333").version();
            var done = AtOnce.run(8, i -> () -> {
                try {
                    switch (i) {
                        case 0 ->
                            Contention.retryRun(() -> master.get(ChangeNames.class)
                                    .removeFile(master.admin(), at("same"), Conditions.NONE));
                        case 1, 2, 3 -> {
                            var restored = restore(master.admin(), "same", newest - i % 3);
                            return restored.version();
                        }
                        default -> {
                            return put("same", "x".repeat(i)).version();
                        }
                    }
                    return 0;
                } catch (HoldfastException e) {
                    assertThat(e.kind()).isEqualTo(FailureKind.NOT_FOUND);
                    return -1;
                }
            });
            assertThat(done).hasSize(8);
            unused = put("same", "the last word");
            assertThat(versions("same").size()).isBetween(1, 3);
            assertNothingLeaksAndAllIsCounted();
        }
    }

    @Test
    void aNamespaceTellsHowManyVersionsItKeepsAndTakesNoSillyNumbers() {
        assertThat(master.get(Namespaces.class)
                        .get(master.admin(), "admin")
                        .terms()
                        .versionsKept())
                .isEqualTo(2);
        for (int silly : new int[] {-1, 1001}) {
            assertRefused(FailureKind.INVALID, "invalid-parameter", () -> keep("admin", silly));
        }
        keep("admin", 1000);
        assertThat(master.get(Namespaces.class)
                        .get(master.admin(), "admin")
                        .terms()
                        .versionsKept())
                .isEqualTo(1000);
    }
}
