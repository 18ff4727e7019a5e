package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.time.Duration;
import java.util.Optional;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.database.Contention;
import org.holdfast.master.fixture.AtOnce;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ChangeNamesTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void twoNodes() {
        var unused = TestNodes.running(master, "sn1", "sn2");
    }

    private static FileAddress at(String path) {
        return new FileAddress("admin", path);
    }

    private ChangeNames names() {
        return master.get(ChangeNames.class);
    }

    private void remove(String path, Optional<String> ifMatch) {
        Contention.retryRun(() -> names().removeFile(
                        master.admin(), at(path), new Conditions(ifMatch.orElse(null), null, null, null, null)));
    }

    @Test
    void aFolderIsMadeWithItsParentsOnce() throws Exception {
        names().makeFolder(master.admin(), at("a/b/c"));
        names().makeFolder(master.admin(), at("a/b/c"));
        names().makeFolder(master.admin(), at(""));
        assertThat(master.rows("SELECT path FROM folder ORDER BY path")).containsExactly("", "a", "a/b", "a/b/c");
        assertThat(master.rows("SELECT kind, path FROM change_log")).containsExactly("MAKE_FOLDER admin/a/b/c");
        var unused = master.put("admin/file");
        assertRefused(FailureKind.CONFLICT, "is-a-file", () -> names().makeFolder(master.admin(), at("file")));
        assertRefused(FailureKind.CONFLICT, "is-a-file", () -> names().makeFolder(master.admin(), at("file/x")));
    }

    @Test
    void aRemovedFilesCopiesGoAndItsNameIsFree() throws Exception {
        var blob = master.put("admin/a").blob().id();
        remove("a", Optional.empty());
        assertThat(master.count("SELECT COUNT(*) FROM file")).isZero();
        assertThat(master.count("SELECT COUNT(*) FROM file_version")).isZero();
        assertThat(master.rows("SELECT state FROM replica")).containsExactly("DELETING", "DELETING");
        assertThat(master.rows("SELECT kind, state FROM task ORDER BY kind"))
                .containsExactly("DELETE QUEUED", "DELETE QUEUED", "REPLICATE CANCELLED");
        assertThat(master.rows("SELECT blob_id FROM change_log WHERE kind = 'DELETE'"))
                .containsExactly(blob.value());
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> remove("a", Optional.empty()));
        assertThat(master.put("admin/a").version()).isEqualTo(1);
    }

    @Test
    void aRemovalHonoursItsCondition() throws Exception {
        String etag = master.put("admin/a").blob().digests().etag();
        assertRefused(FailureKind.PRECONDITION, "precondition-failed", () -> remove("a", Optional.of("\"other\"")));
        assertThat(master.count("SELECT COUNT(*) FROM file")).isEqualTo(1);
        remove("a", Optional.of(etag));
        assertThat(master.count("SELECT COUNT(*) FROM file")).isZero();
    }

    @Test
    void onlyEmptyFoldersGo() throws Exception {
        var unused = master.put("admin/a/b/file");
        assertRefused(
                FailureKind.CONFLICT, "folder-not-empty", () -> names().removeEmptyFolder(master.admin(), at("a")));
        assertRefused(
                FailureKind.CONFLICT, "folder-not-empty", () -> names().removeEmptyFolder(master.admin(), at("a/b")));
        remove("a/b/file", Optional.empty());
        names().removeEmptyFolder(master.admin(), at("a/b"));
        names().removeEmptyFolder(master.admin(), at("a"));
        assertThat(master.rows("SELECT path FROM folder")).containsExactly("");
        assertRefused(FailureKind.CONFLICT, "conflict", () -> names().removeEmptyFolder(master.admin(), at("")));
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> names().removeEmptyFolder(master.admin(), at("a")));
    }

    @Test
    void aTreeIsRemovedStepByStep() throws Exception {
        long files = ChangeNames.STEP + 20L;
        var seed = master.put("admin/tree/sub/seed");
        var unused = master.put("admin/tree2/stays");
        unused = master.put("admin/tre_/stays");
        manyFiles("tree/sub", files - 1, seed.blob().id().value());
        assertThat(names().removeSomeFiles(master.admin(), at("tree")).mayBeMore())
                .isFalse();
        assertThat(names().removeSomeFiles(master.admin(), at("tree/sub")).mayBeMore())
                .isTrue();
        assertThat(master.count("SELECT COUNT(*) FROM file")).isEqualTo(files + 2 - ChangeNames.STEP);
        assertThat(names().removeSomeFiles(master.admin(), at("tree/sub")).mayBeMore())
                .isFalse();
        assertThat(master.rows("SELECT name FROM file")).containsExactly("stays", "stays");
        assertThat(master.count("SELECT COUNT(*) FROM change_log WHERE kind = 'DELETE'"))
                .isEqualTo(files);
        var below = names().beginRemoval(master.admin(), at("tree"));
        assertThat(below).containsExactly(at("tree/sub"), at("tree"));
        below.forEach(folder -> names().removeEmptyFolder(master.admin(), folder));
        assertThat(master.rows("SELECT path FROM folder ORDER BY path")).containsExactly("", "tre_", "tree2");
    }

    @Test
    void aWholeTreeGoesAndWhatIsBesideItStays() throws Exception {
        var seed = master.put("admin/tree/a/b/seed");
        var unused = master.put("admin/tree/a2/file");
        unused = master.put("admin/tree2/stays");
        names().makeFolder(master.admin(), at("tree/empty/deep"));
        manyFiles("tree/a", ChangeNames.STEP + 20L, seed.blob().id().value());
        var tree = master.get(RemoveTree.class);
        tree.files(master.admin(), at("tree"));
        assertThat(master.rows("SELECT name FROM file")).containsExactly("stays");
        assertThat(master.rows("SELECT path FROM folder WHERE path LIKE 'tree/%'"))
                .hasSize(5);
        tree.all(master.admin(), at("tree"), Conditions.NONE);
        assertThat(master.rows("SELECT path FROM folder ORDER BY path")).containsExactly("", "tree2");
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> tree.all(master.admin(), at("tree"), Conditions.NONE));
        assertRefused(FailureKind.CONFLICT, "conflict", () -> tree.all(master.admin(), at(""), Conditions.NONE));
        assertThat(master.rows("SELECT path FROM folder")).containsExactly("");
    }

    @Test
    void aRemovalThatIsOutOfTimeGoesOnWhenItIsAskedForAgain() throws Exception {
        var seed = master.put("admin/tree/a/seed");
        manyFiles("tree/a", 2L * ChangeNames.STEP, seed.blob().id().value());
        var tree = master.get(RemoveTree.class);
        for (int time = 0; time < 2; time++) {
            assertThat(tree.within(master.admin(), at("tree"), Conditions.NONE, Duration.ZERO))
                    .isEqualTo(new RemoveTree.Progress(ChangeNames.STEP, false));
        }
        assertThat(tree.within(master.admin(), at("tree"), Conditions.NONE, Duration.ofMinutes(1)))
                .isEqualTo(new RemoveTree.Progress(1, true));
        assertThat(master.rows("SELECT path FROM folder")).containsExactly("");
    }

    private void manyFiles(String folder, long count, String likeBlob) throws Exception {
        String id = "CONCAT('00000000000000000000', LPAD(seq, 6, '0'))";
        String seq = " FROM seq_1_to_" + count;
        master.sql("INSERT INTO blob_ (id, size, md5, sha256, created_at) SELECT " + id + ", 1, md5, sha256, created_at"
                + seq + ", blob_ WHERE id = '" + likeBlob + "'");
        master.sql("INSERT INTO file (id, folder_id, name, version_id, created_at) SELECT 1000000 + seq,"
                + " (SELECT id FROM folder WHERE path = '" + folder + "'), seq, 1000000 + seq, NOW()" + seq);
        master.sql("INSERT INTO file_version (id, file_id, number, blob_id, content_type, account_id, created_at)"
                + " SELECT 1000000 + seq, 1000000 + seq, 1, " + id + ", 'x/y', (SELECT MIN(id) FROM account), NOW()"
                + seq);
    }

    @Test
    void aStepOfARemovalIsShortHoweverManyVersionsTheFilesHave() throws Exception {
        var seed = master.put("admin/tree/many");
        var unused = master.put("admin/tree/next");
        master.sql("INSERT INTO blob_ (id, size, md5, sha256, created_at)"
                + " SELECT CONCAT('00000000000000000000', LPAD(seq, 6, '0')), 1, md5, sha256, created_at"
                + " FROM seq_1_to_" + ChangeNames.STEP + ", blob_ WHERE id = '"
                + seed.blob().id() + "'");
        master.sql("INSERT INTO file_version (id, file_id, number, blob_id, content_type, account_id, created_at)"
                + " SELECT 1000000 + seq, f.id, -seq, CONCAT('00000000000000000000', LPAD(seq, 6, '0')), 'x/y',"
                + " (SELECT MIN(id) FROM account), NOW() FROM seq_1_to_" + ChangeNames.STEP
                + ", file f WHERE f.name = 'many'");
        assertThat(names().removeSomeFiles(master.admin(), at("tree")).mayBeMore())
                .isTrue();
        assertThat(master.rows("SELECT name FROM file")).containsExactly("next");
        assertThat(master.count("SELECT COUNT(*) FROM file_version")).isOne();
        assertThat(names().removeSomeFiles(master.admin(), at("tree")).mayBeMore())
                .isFalse();
        assertThat(master.count("SELECT COUNT(dropped_blob_id) FROM change_log"))
                .isEqualTo(ChangeNames.STEP + 2);
    }

    @Test
    void nothingIsPutIntoAFolderThatGoesAway() throws Exception {
        for (int round = 0; round < 5; round++) {
            String folder = "gone" + round;
            names().makeFolder(master.admin(), at(folder));
            var unused = AtOnce.run(8, i -> () -> {
                try {
                    if (i == 0) {
                        Contention.retryRun(() -> names().removeEmptyFolder(master.admin(), at(folder)));
                        return "removed";
                    }
                    return master.put("admin/" + folder + "/f" + i).address().path();
                } catch (org.holdfast.contract.HoldfastException e) {
                    assertThat(e.code()).isEqualTo("folder-not-empty");
                    return "refused";
                }
            });
        }
        // Every put was acknowledged, whoever came first: each has a file in a folder that is there.
        assertThat(master.count("SELECT COUNT(*) FROM file f JOIN folder d ON d.id = f.folder_id"))
                .isEqualTo(5 * 7);
    }
}
