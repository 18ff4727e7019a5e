package org.holdfast.master.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.holdfast.master.catalog.ClusterTotals;
import org.holdfast.master.cluster.AdminState;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.holdfast.master.fixture.TestWiring;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The master and the views in SQL count copies by one rule, whatever state a node is in, and when the hold-off is over. */
class CountedAlikeTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    private final TaskLab lab = new TaskLab(master);
    private TestNodes nodes = new TestNodes(master);

    @BeforeEach
    void filesOfEachKind() throws Exception {
        nodes = TestNodes.running(master, "sn1", "sn2", "sn3");
        master.namespace("one", 1);
        master.namespace("none", 0);
        lab.manyFiles("admin", 1, 5, nodes.id("sn1"), nodes.id("sn2"), nodes.id("sn3"));
        lab.manyFiles("one", 6, 8, nodes.id("sn1"), nodes.id("sn2"));
        lab.manyFiles("one", 9, 10, nodes.id("sn2"));
        lab.manyFiles("none", 11, 11, nodes.id("sn1"));
        lab.manyFiles("admin", 12, 13);
        assertThat(master.sql(
                        "UPDATE replica SET leaving = TRUE WHERE node_id = ? AND blob_id LIKE '%3'", nodes.id("sn1")))
                .isOne();
        // Views go by the database's clock.
        var now = Instant.parse(master.rows("SELECT DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%dT%H:%i:%sZ')")
                .get(0));
        master.clock().forward(Duration.between(master.clock().instant(), now));
        assertThat(master.get(Leadership.class).seek()).isTrue();
    }

    @Test
    void inAllStates() throws Exception {
        assertThat(master.count("SELECT hold_off_seconds FROM heal_terms")).isEqualTo(TestWiring.HOLD_OFF.toSeconds());
        for (AdminState wanted : AdminState.values()) {
            for (NodeStatus status : NodeStatus.values()) {
                nodes.turn("sn1", AdminState.IN_SERVICE);
                nodes.turn("sn1", NodeStatus.RUNNING);
                nodes.turn("sn1", wanted);
                nodes.turn("sn1", status);
                assertCountedAlike(wanted + " " + status);
                assertThat(
                                master.sql(
                                        "UPDATE storage_node SET admin_since = admin_since - INTERVAL 1 DAY,"
                                                + " status_since = status_since - INTERVAL 1 DAY, away_since = away_since - INTERVAL 1 DAY"))
                        .isEqualTo(3);
                nodes.turn("sn1", status);
                assertCountedAlike(wanted + " " + status + " for long");
            }
        }
    }

    private void assertCountedAlike(String state) throws Exception {
        var totals = master.get(ClusterTotals.class).count();
        var few = totals.fewRunning();
        assertThat(few.versions() + " short, " + totals.copies().underReplicated() + " to heal, "
                        + totals.copies().missing() + " missing, "
                        + totals.copies().unreadable() + " unreadable, "
                        + few.healingBeginsAt().map(Instant::getEpochSecond).orElse(0L))
                .as(state)
                .isEqualTo(
                        master.rows("SELECT CONCAT(COUNT(*), ' short, ', SUM(missing > 0), ' to heal, ', SUM(missing),"
                                        + " ' missing, ', SUM(readable = 0), ' unreadable, ',"
                                        + " COALESCE(TIMESTAMPDIFF(SECOND, '1970-01-01', MIN(heals_at)), 0))"
                                        + " FROM under_replicated")
                                .get(0));
    }
}
