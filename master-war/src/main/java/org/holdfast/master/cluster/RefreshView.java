package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Brings this master's {@link ClusterView} to what the catalog says, whichever master wrote it. */
@ApplicationScoped
public class RefreshView {
    /** How often to call {@link #refresh}. */
    public static final Duration EVERY = Duration.ofMillis(250);

    private static final long NOT_LEADING = 0;

    /** When each node began to verify of whose proof this leader has told. */
    private final Map<Long, Instant> begun = new HashMap<>();

    private long ledWith = NOT_LEADING;

    @Inject
    NodeRegister register;

    @Inject
    ClusterView view;

    @Inject
    Removals removals;

    @Inject
    Leadership leadership;

    @Inject
    Event<NodeReturned> returned;

    @Inject
    Event<NodeMustProve> mustProve;

    /**
     * Reads all nodes, and tells this master's rooms which of them run again and, when it leads, which have to prove
     * what they hold. No transaction is open around it.
     */
    public void refresh() {
        removals.refresh();
        take().forEach(returned::fire);
        unproved().forEach(mustProve::fire);
    }

    /**
     * Nodes that began to verify since this was last asked, or since this master leads: the last leader's end says
     * nothing about a node that was proving itself, so it begins anew.
     */
    private synchronized List<NodeMustProve> unproved() {
        long token = leadership.isLeader() ? leadership.token() : NOT_LEADING;
        if (token != ledWith) {
            begun.clear();
            ledWith = token;
        }
        if (token == NOT_LEADING) {
            return List.of();
        }
        var proving = view.nodes().stream().filter(NodeView::mustProve).toList();
        begun.keySet().retainAll(proving.stream().map(NodeView::id).toList());
        return proving.stream()
                .filter(node -> {
                    Instant since = node.condition().seen().since();
                    return !since.equals(begun.put(node.id(), since));
                })
                .map(node -> new NodeMustProve(node.id()))
                .toList();
    }

    /** One at a time, so that what was read earlier is never taken over later. */
    private synchronized List<NodeReturned> take() {
        var stored = register.all();
        List<NodeReturned> back = new ArrayList<>();
        for (NodeView node : stored) {
            boolean ran = view.byId(node.id()).filter(NodeView::isRunning).isPresent();
            view.put(node);
            if (!ran && node.isRunning()) {
                back.add(new NodeReturned(node.id()));
            }
        }
        view.retain(stored.stream().map(NodeView::id).toList());
        return back;
    }
}
