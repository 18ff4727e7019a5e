package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.util.List;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.OnConflict;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.database.Contention;
import org.holdfast.master.fixture.AtOnce;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MoveNamesTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void oneNode() {
        var unused = TestNodes.running(master, "sn1");
    }

    /** Whatever a test has done: every folder is found under its path, and its path is its parent's and its name. */
    @AfterEach
    void theTreeIsWhole() throws Exception {
        assertThat(master.rows("SELECT path FROM folder WHERE path_sha256 <> CONVERT(SHA2(path, 256) USING ascii)"))
                .isEmpty();
        assertThat(master.rows("SELECT d.path FROM folder d JOIN folder p ON p.id = d.parent_id"
                        + " WHERE d.path <> CONCAT(p.path, IF(p.path = '', '', '/'), d.name)"
                        + " OR d.namespace_id <> p.namespace_id"))
                .isEmpty();
    }

    private static FileAddress at(String address) {
        int slash = address.indexOf('/');
        return new FileAddress(address.substring(0, slash), address.substring(slash + 1));
    }

    private String move(String from, String to, OnConflict onConflict) {
        return Contention.retry(() -> master.get(MoveNames.class).move(master.admin(), at(from), at(to), onConflict))
                .toString();
    }

    private String blob(String address) {
        return master.get(FindNames.class)
                .file(master.admin(), at(address))
                .blob()
                .id()
                .value();
    }

    private boolean exists(String address) {
        return master.get(FindNames.class).find(master.admin(), at(address)).isPresent();
    }

    @Test
    void aFileMovesWithItsVersionAndItsCopies() throws Exception {
        String blob = master.put("admin/a").blob().id().value();
        assertThat(move("admin/a", "admin/new/folder/b", OnConflict.FAIL)).isEqualTo("admin/new/folder/b");
        assertThat(exists("admin/a")).isFalse();
        assertThat(blob("admin/new/folder/b")).isEqualTo(blob);
        assertThat(master.rows("SELECT state FROM replica")).containsExactly("VERIFIED");
        assertThat(master.rows("SELECT path FROM change_log WHERE kind = 'MOVE'"))
                .containsExactly("admin/new/folder/b");
    }

    @Test
    void aFolderMovesWithAllThatIsBelow() {
        List<String> below = List.of("x", "\u00e4/\ud83d\ude00/y", "\u00e4/z", "%_/w");
        below.forEach(
                path -> assertThat(master.put("admin/old/" + path).version()).isEqualTo(1));
        // Neighbours whose names begin alike stay.
        var unused = master.put("admin/older/x");
        unused = master.put("admin/ol_/x");
        assertThat(move("admin/old", "admin/deep/n\u00eb\u00fcer", OnConflict.REPLACE))
                .isEqualTo("admin/deep/n\u00eb\u00fcer");
        below.forEach(path -> {
            assertThat(exists("admin/deep/n\u00eb\u00fcer/" + path)).as(path).isTrue();
            assertThat(exists("admin/old/" + path)).as(path).isFalse();
        });
        assertThat(exists("admin/older/x")).isTrue();
        assertThat(exists("admin/ol_/x")).isTrue();
        // And back, from a path that has more bytes than characters.
        assertThat(move("admin/deep/n\u00eb\u00fcer", "admin/new", OnConflict.FAIL))
                .isEqualTo("admin/new");
        below.forEach(path -> assertThat(exists("admin/new/" + path)).as(path).isTrue());
    }

    @Test
    void filesAndFoldersMoveToAnotherNamespace() {
        master.namespace("other", 0);
        var unused = master.put("admin/a");
        unused = master.put("admin/tree/b/c");
        assertThat(move("admin/a", "other/a", OnConflict.FAIL)).isEqualTo("other/a");
        assertThat(move("admin/tree", "other/x/tree", OnConflict.FAIL)).isEqualTo("other/x/tree");
        assertThat(exists("other/a")).isTrue();
        assertThat(exists("other/x/tree/b/c")).isTrue();
        assertThat(exists("admin/tree/b/c")).isFalse();
    }

    @Test
    void aFolderCantMoveIntoItself() {
        var unused = master.put("admin/tree/b/c");
        assertRefused(FailureKind.CONFLICT, "conflict", () -> move("admin/tree", "admin/tree/b/new", OnConflict.FAIL));
        assertRefused(FailureKind.CONFLICT, "conflict", () -> move("admin/tree", "admin/tree/x", OnConflict.FAIL));
        assertThat(move("admin/tree", "admin/tree2", OnConflict.FAIL)).isEqualTo("admin/tree2");
        assertThat(exists("admin/tree2/b/c")).isTrue();
    }

    @Test
    void whatIsThereDecidesByTheWish() throws Exception {
        String a = master.put("admin/a").blob().id().value();
        String b = master.put("admin/b.txt").blob().id().value();
        assertRefused(FailureKind.CONFLICT, "conflict", () -> move("admin/a", "admin/b.txt", OnConflict.FAIL));
        assertThat(blob("admin/a")).isEqualTo(a);
        assertThat(move("admin/a", "admin/b.txt", OnConflict.RENAME)).isEqualTo("admin/b (2).txt");
        assertThat(move("admin/b (2).txt", "admin/b.txt", OnConflict.REPLACE)).isEqualTo("admin/b.txt");
        assertThat(blob("admin/b.txt")).isEqualTo(a);
        assertThat(master.rows("SELECT state FROM replica WHERE blob_id = ?", b))
                .containsExactly("DELETING");
        assertThat(master.rows("SELECT kind FROM task WHERE blob_id = ?", b)).containsExactly("DELETE");
    }

    @Test
    void aFolderNeverReplacesAnything() {
        var unused = master.put("admin/folder/x");
        unused = master.put("admin/file");
        unused = master.put("admin/folder2/y");
        assertRefused(FailureKind.CONFLICT, "conflict", () -> move("admin/folder", "admin/file", OnConflict.REPLACE));
        assertRefused(
                FailureKind.CONFLICT, "is-a-folder", () -> move("admin/folder", "admin/folder2", OnConflict.REPLACE));
        assertRefused(
                FailureKind.CONFLICT, "is-a-folder", () -> move("admin/file", "admin/folder", OnConflict.REPLACE));
        assertRefused(FailureKind.CONFLICT, "is-a-file", () -> move("admin/folder", "admin/file/x", OnConflict.FAIL));
        assertThat(exists("admin/file")).isTrue();
    }

    @Test
    void whatIsNotThereAndRootsDontMove() {
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> move("admin/none", "admin/x", OnConflict.FAIL));
        assertRefused(FailureKind.NOT_FOUND, "not-found", () -> move("admin/no/ne", "admin/x", OnConflict.FAIL));
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> move("admin/", "admin/x", OnConflict.FAIL));
        assertRefused(FailureKind.INVALID, "invalid-parameter", () -> move("admin/x", "admin/", OnConflict.FAIL));
    }

    @Test
    void aMoveToItsOwnNameChangesNothing() throws Exception {
        var unused = master.put("admin/a");
        assertThat(move("admin/a", "admin/a", OnConflict.FAIL)).isEqualTo("admin/a");
        assertThat(master.count("SELECT COUNT(*) FROM change_log WHERE kind = 'MOVE'"))
                .isZero();
    }

    @Test
    void noPathBelowMayGetTooLong() {
        String name = "n".repeat(250);
        String long3 = String.join("/", java.util.Collections.nCopies(15, name));
        var unused = master.put("admin/t/" + long3 + "/leaf");
        String deep = String.join("/", java.util.Collections.nCopies(2, "m".repeat(200)));
        assertRefused(FailureKind.INVALID, "invalid-name", () -> move("admin/t", "admin/" + deep, OnConflict.FAIL));
        assertThat(exists("admin/t/" + long3 + "/leaf")).isTrue();
    }

    /** A path of exactly this many bytes, whose names are long ones. */
    private static String path(int bytes) {
        return ("n".repeat(250) + "/").repeat(17).substring(0, bytes);
    }

    @Test
    void noFileInTheFolderItselfMayGetATooLongPath() {
        var unused = master.put("admin/t/leaf");
        assertRefused(
                FailureKind.INVALID, "invalid-name", () -> move("admin/t", "admin/" + path(4092), OnConflict.FAIL));
        assertThat(exists("admin/t/leaf")).isTrue();
        assertThat(move("admin/t", "admin/" + path(4091), OnConflict.FAIL)).isEqualTo("admin/" + path(4091));
        assertThat(exists("admin/" + path(4091) + "/leaf")).isTrue();
    }

    @Test
    void aNewNameBesideATakenOneMayNotBeTooLong() {
        for (String address : List.of("admin/" + path(4094), "admin/b")) {
            assertThat(master.put(address).version()).isOne();
        }
        assertRefused(
                FailureKind.INVALID, "invalid-name", () -> move("admin/b", "admin/" + path(4094), OnConflict.RENAME));
        assertThat(exists("admin/b")).isTrue();
    }

    /** As earlier releases have moved folders: what lies in the folder itself was not looked at. */
    private FileAddress tooLong(String leaf) throws Exception {
        FileAddress file = at("admin/" + path(4090) + "/" + leaf);
        var unused = master.put("admin/" + path(4090) + "/x");
        assertThat(master.sql("UPDATE file SET name = ? WHERE name = 'x'", leaf))
                .isOne();
        return file;
    }

    @Test
    void whatHasATooLongPathAlreadyIsReadMovedAndRemoved() throws Exception {
        String leaf = "l".repeat(255);
        FileAddress file = tooLong(leaf);
        assertThat(exists(file.toString())).isTrue();
        assertRefused(FailureKind.INVALID, "invalid-name", () -> master.put(file.toString()));
        assertThat(move(file.toString(), "admin/short", OnConflict.FAIL)).isEqualTo("admin/short");

        FileAddress second = tooLong(leaf);
        assertThat(move("admin/" + path(250), "admin/m", OnConflict.FAIL)).isEqualTo("admin/m");
        assertThat(exists("admin/m" + second.path().substring(250))).isTrue();
    }

    @Test
    void aFolderWithATooLongPathMayMoveToWhereItIsShorterAndGoAway() throws Exception {
        FileAddress file = tooLong("l".repeat(255));
        String shorter = "s".repeat(240);
        assertThat(move("admin/" + path(250), "admin/" + shorter, OnConflict.FAIL))
                .isEqualTo("admin/" + shorter);
        FileAddress moved = at("admin/" + shorter + file.path().substring(250));
        assertThat(exists(moved.toString())).isTrue();
        assertRefused(
                FailureKind.INVALID,
                "invalid-name",
                () -> move("admin/" + shorter, "admin/" + "r".repeat(241), OnConflict.FAIL));
        master.get(RemoveTree.class).all(master.admin(), at("admin/" + shorter), Conditions.NONE);
        assertThat(master.count("SELECT COUNT(*) FROM file")).isZero();
        assertThat(master.rows("SELECT path FROM change_log WHERE kind = 'DELETE'"))
                .containsExactly(moved.toString());
    }

    @Test
    void foldersThatMoveIntoEachOtherAtOnceDontTangle() throws Exception {
        for (int round = 0; round < 4; round++) {
            String one = "admin/one" + round;
            String other = "admin/other" + round;
            var unused = master.put(one + "/x");
            unused = master.put(other + "/x");
            // Whoever comes second finds no folder of the old name and makes one.
            var moved = AtOnce.run(
                    2,
                    i -> () -> i == 0
                            ? move(one, other + "/in", OnConflict.FAIL)
                            : move(other, one + "/in", OnConflict.FAIL));
            assertThat(moved).containsExactly(other + "/in", one + "/in");
            assertThat(master.count(
                            "SELECT COUNT(*) FROM file f JOIN folder d ON d.id = f.folder_id WHERE d.path LIKE ?",
                            "%" + round + "%"))
                    .isEqualTo(2);
        }
    }
}
