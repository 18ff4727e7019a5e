package org.holdfast.master.cluster;

import org.holdfast.contract.JoinRequest;
import org.holdfast.contract.NodeReport;
import org.holdfast.master.fixture.TestMaster;

/** Storage nodes that need no process: as if they had joined and answered. */
public final class TestNodes {
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
                new NodeReport(name, diskUuid, FREE_BYTES, 0, FREE_BYTES));
    }

    /** A node that has joined and has not been heard of. */
    public long join(String name, String zone) {
        NodeView node = master.get(NodeRegister.class).join(request(name, disk(name), zone));
        view().put(node);
        return node.id();
    }

    /** A disk's identity made from a name. */
    public static String disk(String name) {
        return java.util
                .UUID
                .nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString();
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
        view().change(
                id(name),
                old -> new NodeView.Condition(
                        AdminState.IN_SERVICE, NodeStatus.RUNNING, usedBytes + freeBytes, usedBytes, freeBytes));
    }

    /** A node that was removed: no master sees it any more. */
    public void remove(String name) {
        long id = id(name);
        view().retain(view().nodes().stream().map(NodeView::id).filter(other -> other != id).toList());
    }

    public long id(String name) {
        return view().require(name).id();
    }

    private void change(String name, AdminState state, NodeStatus status, long freeBytes) {
        view().change(id(name), old -> new NodeView.Condition(state, status, FREE_BYTES, 0, freeBytes));
    }

    private ClusterView view() {
        return master.get(ClusterView.class);
    }
}
