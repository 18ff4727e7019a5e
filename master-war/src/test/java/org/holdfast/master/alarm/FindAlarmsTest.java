package org.holdfast.master.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.holdfast.master.catalog.ClusterTotals;
import org.holdfast.master.cluster.AdminState;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FindAlarmsTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    @SuppressWarnings("NullAway.Init")
    private TestNodes nodes;

    @BeforeEach
    void nodes() {
        nodes = TestNodes.running(master, "sn1", "sn2", "sn3");
    }

    private List<String> found() {
        return master.get(FindAlarms.class).find().stream()
                .map(alarm -> alarm.kind().word() + " " + alarm.severity().word() + " " + alarm.subject())
                .toList();
    }

    private String sentence() {
        var all = master.get(FindAlarms.class).find();
        assertThat(all).hasSize(1);
        return all.get(0).sentence();
    }

    @Test
    void whereAllIsWellNothingIsFound() {
        var unused = master.put("admin/a");
        assertThat(found()).isEmpty();
    }

    @Test
    void deadTasksAreCounted() throws Exception {
        var unused = master.put("admin/a");
        master.sql("UPDATE task SET state = 'DEAD'");
        assertThat(found()).containsExactly("dead-tasks warning tasks");
        assertThat(sentence()).startsWith("2 tasks were given up.");
    }

    @Test
    void nodesThatAreMissedOrHaveFailedAreFoundUnlessNobodyWantsThem() {
        nodes.turn("sn1", NodeStatus.DOWN);
        nodes.turn("sn2", NodeStatus.FAILED);
        nodes.turn("sn3", NodeStatus.DOWN);
        nodes.turn("sn3", AdminState.OFFLINE);
        assertThat(found()).containsExactly("node-down warning sn1", "node-failed critical sn2");
    }

    @Test
    void littleRoomIsAWarningAndHardlyAnyIsCritical() {
        nodes.load("sn1", 90, 10);
        nodes.load("sn2", 901, 99);
        nodes.load("sn3", 967, 33);
        assertThat(found()).containsExactly("space warning sn2", "space critical sn3");
        nodes.turn("sn3", AdminState.DRAINING);
        assertThat(found()).as("nothing new goes there").containsExactly("space warning sn2");
        assertThat(sentence()).contains("sn2 has 9 % of its room left");
    }

    @Test
    void littleRoomForTheCatalogIsAWarningAndWithoutTheReserveItIsCritical() {
        master.catalogFree(100);
        assertThat(found()).isEmpty();
        master.catalogFree(99);
        assertThat(found()).containsExactly("catalog-space warning catalog");
        master.catalogFree(9);
        assertThat(found()).containsExactly("catalog-space critical catalog");
        assertThat(sentence()).contains("No file can be put until");
    }

    @Test
    void copiesThatAreLateAreFound() throws Exception {
        var unused = master.put("admin/a");
        unused = master.put("admin/b");
        master.clock().forward(Duration.ofMinutes(59));
        assertThat(found()).isEmpty();
        master.clock().forward(Duration.ofMinutes(2));
        assertThat(found()).containsExactly("under-replicated warning copies");
        assertThat(sentence()).startsWith("2 files have waited for copies for more than 60 minutes");
        master.sql("UPDATE task SET state = 'DONE'");
        assertThat(found()).isEmpty();
    }

    @Test
    void copiesWithoutAPlaceAreFound() throws Exception {
        master.sql("UPDATE walk SET blocked = 7 WHERE kind = 'ALL'");
        assertThat(found()).containsExactly("under-replicated warning copies");
        assertThat(sentence()).startsWith("7 copies have no node to go to.");
    }

    @Test
    void filesWithoutAReadableCopyAreCritical() throws Exception {
        var unused = master.put("admin/a");
        master.sql("UPDATE replica SET state = 'LOST' WHERE state = 'VERIFIED'");
        var unusedCount = master.get(ClusterTotals.class).count();
        assertThat(found()).containsExactly("unreadable critical files");
        assertThat(sentence()).startsWith("1 file has no copy that can be read now.");
    }

    @Test
    void noAlarmWaitsForACountOfFiles() throws Exception {
        var unused = master.put("admin/a");
        nodes.turn("sn1", NodeStatus.DOWN);
        assertThat(found()).containsExactly("node-down warning sn1");
        assertThat(master.get(ClusterTotals.class).known()).isEmpty();
    }

    @Test
    void mailsThatWaitAreFound() throws Exception {
        master.sql("INSERT INTO mail (id, recipient, subject, body, state, attempt, not_before, created_at, changed_at)"
                + " VALUES ('01', 'a@b', 's', 'b', 'WAITING', 3, '2026-03-01', '2026-03-01 10:59:59', '2026-03-01'),"
                + " ('02', 'a@b', 's', 'b', 'WAITING', 1, '2026-03-01', '2026-03-01 11:30:00', '2026-03-01'),"
                + " ('03', 'a@b', 's', '', 'SENT', 1, '2026-03-01', '2026-03-01 01:00:00', '2026-03-01')");
        assertThat(found()).containsExactly("mail warning mail");
        assertThat(sentence()).startsWith("1 mail has waited for more than 60 minutes.");
    }
}
