package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Brings this master's {@link ClusterView} to what the catalog says, whichever master wrote it. */
@ApplicationScoped
public class RefreshView {
    /** How often to call {@link #refresh}. */
    public static final Duration EVERY = Duration.ofMillis(250);

    @Inject
    NodeRegister register;

    @Inject
    ClusterView view;

    @Inject
    Event<NodeReturned> returned;

    /** Reads all nodes, and tells this master's rooms which of them run again. No transaction is open around it. */
    public void refresh() {
        take().forEach(returned::fire);
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
