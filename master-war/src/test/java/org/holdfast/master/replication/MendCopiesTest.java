package org.holdfast.master.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.holdfast.contract.Conditions;
import org.holdfast.contract.FileAddress;
import org.holdfast.master.catalog.ChangeNames;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.database.Contention;
import org.holdfast.master.fixture.AtOnce;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MendCopiesTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final TaskLab lab = new TaskLab(master);
    private TestNodes nodes = new TestNodes(master);

    @BeforeEach
    void fiveNodes() {
        nodes = TestNodes.running(master, "sn1", "sn2", "sn3", "sn4", "sn5");
    }

    private MendCopies.Mended mend(List<String> blobs) {
        return Contention.retry(() -> master.get(MendCopies.class).mend(blobs));
    }

    @Test
    void twoWhoMendTheSameFilesAtOnceMakeEachCopyOnce() throws Exception {
        lab.manyFiles("admin", 1, 200, nodes.id("sn1"));
        List<String> blobs = master.rows("SELECT id FROM blob_ ORDER BY id");
        var mended = AtOnce.run(3, i -> () -> mend(blobs).planned());
        assertThat(mended.stream().mapToInt(Integer::intValue).sum()).isEqualTo(400);
        assertThat(master.count("SELECT COUNT(*) FROM replica WHERE state = 'PLANNED'"))
                .isEqualTo(400);
        assertThat(master.count("SELECT COUNT(*) FROM task")).isEqualTo(400);
    }

    @Test
    void aFileThatIsDeletedMeanwhileGetsNoNewCopies() throws Exception {
        for (int i = 0; i < 20; i++) {
            var put = master.put("admin/f" + i);
            master.sql("DELETE FROM replica WHERE priority > 0");
            master.sql("DELETE FROM task");
            var address = new FileAddress("admin", "f" + i);
            var unused = AtOnce.run(2, which -> () -> {
                if (which == 0) {
                    return mend(List.of(put.blob().id().value())).planned();
                }
                Contention.retryRun(
                        () -> master.get(ChangeNames.class).removeFile(master.admin(), address, Conditions.NONE));
                return 0;
            });
            assertThat(master.rows(
                            "SELECT DISTINCT state FROM replica WHERE blob_id = ?",
                            put.blob().id().value()))
                    .containsExactly("DELETING");
        }
    }

    @Test
    void prioritiesThatAreFreeAreUsedAgain() throws Exception {
        lab.manyFiles("admin", 1, 1, nodes.id("sn1"), nodes.id("sn2"), nodes.id("sn3"));
        master.sql("DELETE FROM replica WHERE priority = 1");
        assertThat(mend(master.rows("SELECT id FROM blob_"))).isEqualTo(new MendCopies.Mended(1, 0, 0));
        assertThat(master.rows("SELECT priority, state FROM replica ORDER BY priority"))
                .containsExactly("0 VERIFIED", "1 PLANNED", "2 VERIFIED");
        assertThat(mend(master.rows("SELECT id FROM blob_")))
                .as("nothing is left to do")
                .isEqualTo(new MendCopies.Mended(0, 0, 0));
    }

    @Test
    void aCopyThatIsToMoveIsReadFromAndGoesWhenTheOthersAreVerified() throws Exception {
        lab.manyFiles("admin", 1, 1, nodes.id("sn1"), nodes.id("sn2"), nodes.id("sn3"));
        master.sql("UPDATE replica SET leaving = TRUE WHERE priority > 0");
        List<String> blobs = master.rows("SELECT id FROM blob_");
        assertThat(mend(blobs)).isEqualTo(new MendCopies.Mended(2, 0, 0));
        var tasks = lab.claim();
        lab.report(tasks.get(0), TaskLab.done());
        assertThat(master.count("SELECT COUNT(*) FROM replica WHERE state = 'DELETING'"))
                .isZero();
        lab.report(tasks.get(1), TaskLab.done());
        assertThat(master.rows("SELECT priority FROM replica WHERE state = 'DELETING' ORDER BY priority"))
                .containsExactly("1", "2");
    }
}
