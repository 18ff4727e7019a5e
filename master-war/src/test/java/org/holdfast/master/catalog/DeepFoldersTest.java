package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.holdfast.master.fixture.Refusals.assertRefused;

import java.sql.SQLException;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.OnConflict;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How deep folders may lie, how many there may be, and what becomes of deeper ones of earlier releases. */
class DeepFoldersTest {
    private static final int MOST = 128;

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void aNode() {
        var unused = TestNodes.running(master, "sn1");
    }

    private static FileAddress at(String path) {
        return new FileAddress("admin", path);
    }

    /** A path of this many folders. */
    private static String levels(String top, int levels) {
        return top + "/d".repeat(levels - 1);
    }

    private void makeFolder(String path) {
        master.get(ChangeNames.class).makeFolder(master.admin(), at(path));
    }

    private FileAddress move(String from, String to) {
        return master.get(MoveNames.class).move(master.admin(), at(from), at(to), OnConflict.FAIL);
    }

    private long folders() throws SQLException {
        return master.count("SELECT COUNT(*) FROM folder WHERE path <> ''");
    }

    /** As an earlier release has made them: folder after folder, by SQL. */
    private void earlierRelease(String top, int levels) throws SQLException {
        for (int level = 1; level <= levels; level++) {
            String path = levels(top, level);
            master.sql(
                    "INSERT INTO folder (id, namespace_id, parent_id, name, path, path_sha256, created_at)"
                            + " SELECT NEXTVAL(folder_seq), namespace_id, id, ?, ?, SHA2(?, 256), created_at FROM folder"
                            + " WHERE path = ? AND namespace_id = (SELECT id FROM namespace WHERE name = 'admin')",
                    at(path).name(),
                    path,
                    path,
                    at(path).parent().path());
        }
    }

    @Test
    void foldersAreMadeDownToTheDeepestLevelAndNotBelow() throws Exception {
        makeFolder(levels("a", MOST));
        assertThat(folders()).isEqualTo(MOST);
        assertRefused(FailureKind.INVALID, "path-too-deep", () -> makeFolder(levels("a", MOST + 1)));
        assertRefused(FailureKind.INVALID, "path-too-deep", () -> makeFolder(levels("b", 2_040)));
        assertThat(folders()).isEqualTo(MOST);
    }

    @Test
    void nothingIsMovedBelowTheDeepestLevel() throws Exception {
        makeFolder(levels("a", MOST));
        makeFolder("b");
        var unused = master.put("admin/file");
        assertRefused(FailureKind.INVALID, "path-too-deep", () -> move("a", "b/a"));
        assertRefused(FailureKind.INVALID, "path-too-deep", () -> move("b", levels("a", MOST) + "/b"));
        assertRefused(FailureKind.INVALID, "path-too-deep", () -> move("file", levels("c", MOST + 1) + "/file"));
        assertThat(move("b", levels("a", MOST - 1) + "/b").path()).endsWith("/b");
        assertThat(move("file", levels("a", MOST) + "/file").path()).endsWith("/file");
    }

    @Test
    void deeperFoldersOfAnEarlierReleaseAreReadMovedAndRemoved() throws Exception {
        earlierRelease("a", 200);
        String leaf = levels("a", 200) + "/leaf";
        assertThat(master.put("admin/" + leaf).version()).isOne();
        assertThat(master.put("admin/" + leaf).version()).isEqualTo(2);
        makeFolder(levels("a", 200));
        assertThat(move("a", "b").path()).isEqualTo("b");
        assertRefused(FailureKind.INVALID, "path-too-deep", () -> move("b", "c/b"));
        assertThat(move(levels("b", 150), "shallow").path()).isEqualTo("shallow");
        String moved = levels("shallow", 51) + "/leaf";
        assertThat(master.get(FindNames.class).file(master.admin(), at(moved)).version())
                .isEqualTo(2);
        master.get(ChangeNames.class).removeFile(master.admin(), at(moved), Conditions.NONE);
        master.get(ChangeNames.class).removeEmptyFolder(master.admin(), at(levels("b", 149)));
    }

    @Test
    void aQuotaOfFilesBoundsFoldersAsWell() throws Exception {
        for (String table : new String[] {"namespace", "account"}) {
            assertThat(master.sql("UPDATE " + table + " SET quota_files = 3 WHERE name = 'admin'"))
                    .isOne();
            String top = table.substring(0, 1);
            assertRefused(FailureKind.TOO_LARGE, "quota-exceeded", () -> makeFolder(levels(top, 4)));
            makeFolder(levels(top, 2));
            assertRefused(
                    FailureKind.TOO_LARGE, "quota-exceeded", () -> master.put("admin/" + levels(top, 4) + "/file"));
            makeFolder(levels(top, 3));
            assertRefused(FailureKind.TOO_LARGE, "quota-exceeded", () -> makeFolder("one-more"));
            for (int level = 3; level > 0; level--) {
                master.get(ChangeNames.class).removeEmptyFolder(master.admin(), at(levels(top, level)));
            }
            assertThat(master.sql("UPDATE " + table + " SET quota_files = NULL WHERE name = 'admin'"))
                    .isOne();
        }
    }
}
