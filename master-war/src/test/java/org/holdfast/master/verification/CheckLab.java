package org.holdfast.master.verification;

import java.sql.SQLException;
import java.util.List;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.OnConflict;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.FakeDisk;
import org.holdfast.master.cluster.FakeNode;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;

/** The node {@code sn1} with a disk behind real HTTP, a second one that only stands in the catalog, and files on both. */
final class CheckLab implements AutoCloseable {
    private final TestMaster master;
    private final FakeNode node;
    private final TestNodes nodes;

    CheckLab(TestMaster master) throws Exception {
        this.master = master;
        node = new FakeNode("sn1");
        if (!master.get(Leadership.class).seek()) {
            throw new AssertionError("does not lead");
        }
        // The database's clock goes on while a test takes its time.
        master.sql("UPDATE lease SET expires_at = '2100-01-01' WHERE name = 'leader'");
        nodes = TestNodes.running(master, "sn1", "sn2");
        master.sql("UPDATE storage_node SET url = ? WHERE name = 'sn1'", node.url());
        turn(NodeStatus.RUNNING);
    }

    FakeDisk disk() {
        return node.disk();
    }

    void turn(NodeStatus status) {
        nodes.turn("sn1", status);
    }

    /** As if it had answered a heartbeat. */
    void says(long appliedSeq) {
        nodes.says("sn1", appliedSeq);
    }

    NodeView sn1() {
        return master.get(ClusterView.class).require("sn1");
    }

    /** A file whose copies on both nodes are verified and on the disk. */
    BlobFacts file(String path) throws SQLException {
        BlobFacts blob = master.blob(path);
        var unused = master.put("admin/" + path, blob, TestMaster.terms(OnConflict.REPLACE));
        master.sql("UPDATE replica SET state = 'VERIFIED', verified_at = changed_at");
        master.sql("UPDATE task SET state = 'DONE'");
        disk().keep(blob);
        return blob;
    }

    /** State of the blob's copy on {@code sn1}, or the word none. */
    String copy(BlobFacts blob) throws SQLException {
        return master
                .rows(
                        "SELECT state FROM replica WHERE blob_id = ? AND node_id = ?",
                        blob.id().value(),
                        sn1().id())
                .stream()
                .findFirst()
                .orElse("none");
    }

    /** Open tasks for the blob on {@code sn1}: kind and urgency. */
    List<String> tasks(BlobFacts blob) throws SQLException {
        return master.rows(
                "SELECT kind, urgency FROM task WHERE blob_id = ? AND target_node_id = ? AND state = 'QUEUED'",
                blob.id().value(),
                sn1().id());
    }

    /** What the last check of {@code sn1} or of all nodes has written down. */
    String check(String columns) throws SQLException {
        return master.rows(
                        "SELECT " + columns + " FROM copy_check WHERE node_id IS NULL OR node_id = ?"
                                + " ORDER BY id DESC LIMIT 1",
                        sn1().id())
                .get(0);
    }

    @Override
    public void close() {
        node.close();
    }
}
