package org.holdfast.master.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.OnConflict;
import org.holdfast.master.access.FileRole;
import org.holdfast.master.catalog.ChangeNames;
import org.holdfast.master.catalog.MoveNames;
import org.holdfast.master.catalog.NumberChanges;
import org.holdfast.master.catalog.ShareNames;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeSamples;
import org.holdfast.master.cluster.NodeStatus;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SeeChangesTest {
    @RegisterExtension
    final TestMaster master = new TestMaster();

    @SuppressWarnings("NullAway.Init")
    private TestNodes nodes;

    @SuppressWarnings("NullAway.Init")
    private SeeChanges.Marks before;

    @BeforeEach
    void look() {
        nodes = TestNodes.running(master, "sn1", "sn2");
        number();
        before = changes().look();
    }

    private SeeChanges changes() {
        return master.get(SeeChanges.class);
    }

    private void lead() {
        assertThat(master.get(Leadership.class).seek()).isTrue();
    }

    private void number() {
        lead();
        var unused = master.get(NumberChanges.class).number();
    }

    private SeeChanges.Change since() {
        SeeChanges.Marks now = changes().look();
        SeeChanges.Change change = changes().between(before, now);
        before = now;
        return change;
    }

    @Test
    void whereNothingHappensNothingIsTold() {
        nodes.load("sn1", 5, 5);
        assertThat(since().topics()).as("room changes all the time").isEmpty();
    }

    @Test
    void aPutIsToldWithItsNamespaceWhenItHasItsNumber() {
        master.namespace("other", 0);
        var unused = master.put("other/a");
        assertThat(since().topics()).isEmpty();
        number();
        assertThat(since())
                .isEqualTo(new SeeChanges.Change(Set.of(Topic.FILES, Topic.CLUSTER), Optional.of(Set.of("other"))));
        unused = master.put("admin/a");
        master.get(ChangeNames.class).makeFolder(master.admin(), new FileAddress("other", "f"));
        number();
        var change = since();
        assertThat(change.namespaces()).contains(Set.of("other", "admin"));
        assertThat(change.topics()).as("and a task is made for the copy").contains(Topic.TASKS);
    }

    @Test
    void ofAMoveItIsNotKnownFromWhere() {
        var unused = master.put("admin/a");
        number();
        assertThat(since().namespaces()).contains(Set.of("admin"));
        var moved = master.get(MoveNames.class)
                .move(master.admin(), new FileAddress("admin", "a"), new FileAddress("admin", "b"), OnConflict.FAIL);
        assertThat(moved.path()).isEqualTo("b");
        number();
        assertThat(since().namespaces()).isEmpty();
    }

    @Test
    void aNodesStateAndItsSamplesAreTold() {
        nodes.turn("sn2", NodeStatus.DOWN);
        assertThat(since().topics()).containsExactlyInAnyOrder(Topic.NODES, Topic.CLUSTER);
        lead();
        master.get(NodeSamples.class).take();
        assertThat(since().topics()).containsExactly(Topic.NODES);
    }

    @Test
    void tasksTheirProgressPausesAndAlarmsAreTold() throws Exception {
        var unused = master.put("admin/a");
        number();
        assertThat(since().topics()).contains(Topic.TASKS);
        master.sql("UPDATE task SET state = 'RUNNING', changed_at = '2026-03-01 12:00:01'");
        assertThat(since().topics()).contains(Topic.TASKS);
        master.sql("UPDATE task SET progress_at = '2026-03-01 12:00:02'");
        assertThat(since().topics()).contains(Topic.TASKS);
        master.sql("INSERT INTO task_pause (kind, account_id, reason, paused_at) SELECT 'ALL', MIN(id), '',"
                + " '2026-03-01' FROM account");
        assertThat(since().topics()).contains(Topic.TASKS);
        assertThat(since().topics()).isEmpty();
        master.sql("INSERT INTO alarm (code, subject, severity, sentence, since, raised, changed_at) VALUES"
                + " ('space', 'sn1', 'WARNING', '', '2026-03-01', FALSE, '2026-03-01')");
        assertThat(since().topics()).as("nobody is to be told yet").isEmpty();
        master.sql("UPDATE alarm SET raised = TRUE");
        assertThat(since().topics()).containsExactly(Topic.ALARMS);
    }

    @Test
    void somebodysNamespacesAreThoseInWhichSomethingIsShared() throws Exception {
        var anna = master.user("anna");
        assertThat(changes().namespacesOf(anna)).containsExactly("anna");
        var unused = master.put("admin/a");
        master.get(ShareNames.class).grant(master.admin(), new FileAddress("admin", "a"), "anna", FileRole.READER);
        assertThat(changes().namespacesOf(anna)).containsExactlyInAnyOrder("anna", "admin");
    }
}
