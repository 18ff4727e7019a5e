package org.holdfast.master.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.cluster.AdminState;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.database.Contention;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RebalanceTest {
    private static final int FILES = 100;

    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final TaskLab lab = new TaskLab(master);
    private TestNodes nodes = new TestNodes(master);

    /** Two nodes with a copy of each file, of a byte, and a new one. */
    @BeforeEach
    void aNewNode() throws Exception {
        nodes = TestNodes.running(master, "sn1", "sn2", "sn3");
        master.namespace("one", 1);
        lab.manyFiles("one", 1, FILES, nodes.id("sn1"), nodes.id("sn2"));
        nodes.load("sn1", FILES, FILES);
        nodes.load("sn2", FILES, FILES);
        nodes.load("sn3", 0, 2 * FILES);
    }

    private Rebalance rebalance() {
        return master.get(Rebalance.class);
    }

    private void step() {
        lab.lead();
        Contention.retryRun(() -> master.get(MoveCopies.class).step());
    }

    private long copies(String node) throws Exception {
        return master.count("SELECT COUNT(*) FROM replica WHERE node_id = ? AND state = 'VERIFIED'", nodes.id(node));
    }

    @Test
    void aDryRunTellsAndDoesNothing() throws Exception {
        assertThat(rebalance().plan(0.05))
                .extracting(Rebalance.MoveView::from, Rebalance.MoveView::bytes)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("sn2", 33L),
                        org.assertj.core.groups.Tuple.tuple("sn1", 33L));
        step();
        assertThat(master.count("SELECT COUNT(*) FROM task")).isZero();
    }

    @Test
    void copiesMoveAndNoFileEverHasFewerThanItShould() throws Exception {
        var unused = rebalance().start(0.05);
        assertThatThrownBy(() -> rebalance().start(0.05))
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo("rebalance-under-way"));
        step();
        assertThat(master.rows("SELECT kind, urgency, COUNT(*) FROM task GROUP BY kind, urgency"))
                .containsExactly("REPLICATE 2 66");
        assertThat(copies("sn1") + copies("sn2")).as("nothing has gone yet").isEqualTo(2 * FILES);
        lab.workOff();
        master.clock().forward(Duration.ofMinutes(1));
        lab.workOff();
        assertThat(copies("sn1")).isEqualTo(FILES - 33);
        assertThat(copies("sn2")).isEqualTo(FILES - 33);
        assertThat(copies("sn3")).isEqualTo(66);
        step();
        assertThat(rebalance().underWay()).isEmpty();
        lab.walkAnew();
        assertThat(lab.claim()).as("all is well").isEmpty();
    }

    @Test
    void whatWasStoppedStaysWhereItIs() throws Exception {
        var unused = rebalance().start(0.05);
        step();
        lab.report(lab.claim().get(0), TaskLab.done());
        Contention.retryRun(() -> rebalance().stop());
        master.clock().forward(Duration.ofMinutes(1));
        lab.workOff();
        assertThat(copies("sn1") + copies("sn2")).isEqualTo(2 * FILES - 1);
        assertThat(copies("sn3")).isEqualTo(1);
        assertThat(master.count("SELECT COUNT(*) FROM replica WHERE leaving = 1"))
                .isZero();
        assertThat(rebalance().underWay()).isEmpty();
    }

    @Test
    void aFileWhoseCopiesAreNotAllWellDoesNotMove() throws Exception {
        master.sql("UPDATE replica SET state = 'SUSPECT' WHERE priority = 1");
        var unused = rebalance().start(0.05);
        step();
        step();
        step();
        assertThat(master.count("SELECT COUNT(*) FROM task")).isZero();
        assertThat(rebalance().underWay()).as("nothing more to find").isEmpty();
    }

    @Test
    void aNodeThatLeavesIsNoMoreBalanced() throws Exception {
        var unused = rebalance().start(0.05);
        nodes.turn("sn3", AdminState.DRAINING);
        step();
        step();
        assertThat(master.count("SELECT COUNT(*) FROM task")).isZero();
        assertThat(rebalance().underWay()).isEmpty();
    }
}
