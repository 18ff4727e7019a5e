package org.holdfast.master.cluster;

import java.sql.SQLException;
import java.util.Optional;
import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.NodeReport;
import org.holdfast.contract.Receipts;
import org.holdfast.contract.Ticket;
import org.holdfast.master.fixture.TestMaster;

/** Storage nodes that need no process: as if they had joined and answered. */
public final class TestNodes {
    /** Process of a node that is not a process. */
    static final String BOOT = "boot-1";

    private static final long FREE_BYTES = 1L << 40;

    private final TestMaster master;

    public TestNodes(TestMaster master) {
        this.master = master;
    }

    /** Nodes that have joined and run, each in a zone of its own. */
    public static TestNodes running(TestMaster master, String... names) {
        var nodes = new TestNodes(master);
        for (String name : names) {
            nodes.join(name, "zone-" + name);
            nodes.turn(name, NodeStatus.RUNNING);
        }
        return nodes;
    }

    /** What a node would send when it starts. */
    public static JoinRequest request(String name, String diskUuid, String zone) {
        return new JoinRequest(
                "http://" + name + ".example:1",
                "http://" + name + ".public:1",
                zone,
                "host-" + name,
                report(name, diskUuid, new NodeReport.Room(FREE_BYTES, 0, FREE_BYTES)));
    }

    /** What a node says of itself that is well. */
    public static NodeReport report(String name, String diskUuid, NodeReport.Room room) {
        return new NodeReport(
                name, diskUuid, room, new NodeReport.State(BOOT, 0, Optional.empty(), 100), Optional.empty());
    }

    /** A node that has joined and has not been heard of. */
    public long join(String name, String zone) {
        master.get(NodeRegister.class).join(request(name, disk(name), zone));
        takeOver();
        return id(name);
    }

    /** A disk's identity made from a name. */
    public static String disk(String name) {
        return java.util
                .UUID
                .nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString();
    }

    /** What a node says of its copy when it has done what a task asks for. */
    public static String receipt(TestMaster master, String name, Ticket.Errand errand, Receipts.Fact fact) {
        return master.get(MasterKeys.class).ofNode(name, disk(name)).receipts().of(errand, fact);
    }

    public void turn(String name, NodeStatus status) {
        change(name, view().require(name).condition().adminState(), status, FREE_BYTES);
    }

    public void turn(String name, AdminState state) {
        change(name, state, view().require(name).condition().status(), FREE_BYTES);
    }

    /** A node that runs and has this much room. */
    public void room(String name, long freeBytes) {
        change(name, AdminState.IN_SERVICE, NodeStatus.RUNNING, freeBytes);
    }

    /** A node that runs and is so full. */
    public void load(String name, long usedBytes, long freeBytes) {
        var room = new NodeReport.Room(usedBytes + freeBytes, usedBytes, freeBytes);
        view().heard(id(name), report(name, disk(name), room), master.clock().instant());
    }

    /** A node that says that it has applied the changes up to this one. */
    public void says(String name, long appliedSeq) {
        NodeReport known =
                report(name, disk(name), view().require(name).condition().room());
        var state = new NodeReport.State(BOOT, appliedSeq, Optional.empty(), 100);
        view().heard(
                        id(name),
                        new NodeReport(name, known.diskUuid(), known.room(), state, known.traffic()),
                        master.clock().instant());
    }

    /** A node that was removed: no master sees it any more. */
    public void remove(String name) {
        long id = id(name);
        turn(name, AdminState.REMOVED);
        view().retain(view().nodes().stream()
                .map(NodeView::id)
                .filter(other -> other != id)
                .toList());
    }

    public long id(String name) {
        return view().require(name).id();
    }

    private void change(String name, AdminState state, NodeStatus status, long freeBytes) {
        String now = master.clock().instant().toString().replaceAll("[TZ]", " ").strip();
        try {
            var unused = master.sql(
                    "UPDATE storage_node SET admin_since = IF(admin_state = ?, admin_since, ?), admin_state = ?,"
                            + " away_since = IF(? = 'RUNNING', NULL, IF(status = 'RUNNING', ?, away_since)),"
                            + " status_since = IF(status = ?, status_since, ?), status = ?, free_bytes = ?"
                            + " WHERE name = ?",
                    state.name(),
                    now,
                    state.name(),
                    status.name(),
                    now,
                    status.name(),
                    now,
                    status.name(),
                    freeBytes,
                    name);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        takeOver();
    }

    /** As the beat does, but without telling anybody. */
    private void takeOver() {
        master.get(NodeRegister.class).all().forEach(view()::put);
    }

    private ClusterView view() {
        return master.get(ClusterView.class);
    }
}
