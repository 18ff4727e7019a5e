package org.holdfast.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.OnConflict;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.database.Contention;
import org.holdfast.master.fixture.AtOnce;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who makes folders beside others waits for them, and none is thrown out to begin again. */
class FoldersAtOnceTest {
    private static final int MAKERS = 12;
    private static final int FOLDERS = 15;

    @RegisterExtension
    final TestMaster master = new TestMaster();

    @BeforeEach
    void aNode() {
        var unused = TestNodes.running(master, "sn1");
    }

    private static FileAddress at(String path) {
        return new FileAddress("admin", path);
    }

    private long deadlocks() throws SQLException {
        return master.count("SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
                + " WHERE VARIABLE_NAME = 'INNODB_DEADLOCKS'");
    }

    /** What each of many does with folder after folder of its own, all at the same time. */
    private interface Step {
        void with(String folder);
    }

    private void atOnce(Step step) throws Exception {
        var unused = AtOnce.run(MAKERS, maker -> () -> {
            for (int folder = 0; folder < FOLDERS; folder++) {
                step.with(maker + "-" + folder);
            }
            return maker;
        });
    }

    private void makeFolder(String path) {
        Contention.retryRun(() -> master.get(ChangeNames.class).makeFolder(master.admin(), at(path)));
    }

    @Test
    void foldersOfOneParentAreMadeWithoutDeadlock() throws Exception {
        makeFolder("top");
        long before = deadlocks();
        atOnce(folder -> makeFolder("top/" + folder));
        assertThat(deadlocks() - before).as("deadlocks").isZero();
        assertThat(master.count("SELECT COUNT(*) FROM folder WHERE path LIKE 'top/%'"))
                .isEqualTo((long) MAKERS * FOLDERS);
    }

    @Test
    void whoComesSecondFindsTheFolderThatBothWanted() throws Exception {
        makeFolder("top");
        long before = deadlocks();
        var unused = AtOnce.run(MAKERS, maker -> () -> {
            for (int folder = 0; folder < FOLDERS; folder++) {
                makeFolder("top/same-" + folder + "/below/" + maker);
            }
            return maker;
        });
        assertThat(deadlocks() - before).as("deadlocks").isZero();
        assertThat(master.count("SELECT COUNT(*) FROM folder WHERE path LIKE 'top/same-%'"))
                .isEqualTo((long) FOLDERS * (2 + MAKERS));
    }

    @Test
    void foldersAreMovedIntoOneParentWithoutDeadlock() throws Exception {
        atOnce(folder -> makeFolder("from-" + folder + "/it"));
        makeFolder("top");
        long before = deadlocks();
        atOnce(folder -> {
            var unused = Contention.retry(() -> master.get(MoveNames.class)
                    .move(master.admin(), at("from-" + folder + "/it"), at("top/" + folder), OnConflict.FAIL));
        });
        assertThat(deadlocks() - before).as("deadlocks").isZero();
    }
}
