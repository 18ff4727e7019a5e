package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.NodeReport;
import org.jspecify.annotations.Nullable;

/**
 * Pings every node and keeps {@link ClusterView} true. Changes of status go to the catalog at once, plain reports every
 * {@link #RECORD_EVERY}.
 */
@ApplicationScoped
public class Heartbeat {
    private static final Logger LOG = Logger.getLogger(Heartbeat.class.getName());
    private static final Duration RECORD_EVERY = Duration.ofSeconds(10);
    private static final Duration RELOAD_EVERY = Duration.ofSeconds(2);

    private final Map<Long, Pulse> pulses = new ConcurrentHashMap<>();
    private volatile Instant reloadedAt = Instant.EPOCH;

    @Inject
    ClusterView view;

    @Inject
    NodeRegister register;

    @Inject
    ClusterCall calls;

    @Inject
    HeartbeatConfig config;

    @Inject
    Clock clock;

    @Inject
    Event<NodeReturned> returned;

    /** Threads of the container's: recording needs transactions. */
    @Inject
    Executor executor;

    private static final class Pulse {
        private boolean underWay;
        private int misses;
        private Instant recordedAt = Instant.EPOCH;
    }

    /** One round: starts a ping to every node that has none under way. Returns at once. */
    public void beat() {
        if (clock.instant().isAfter(reloadedAt.plus(RELOAD_EVERY))) {
            reload();
        }
        for (NodeView node : view.nodes()) {
            Pulse pulse = pulses.computeIfAbsent(node.id(), id -> new Pulse());
            synchronized (pulse) {
                if (pulse.underWay || !node.isPinged()) {
                    continue;
                }
                pulse.underWay = true;
            }
            ping(node, pulse);
        }
    }

    /** Takes over what the catalog knows of nodes: another master may have registered one. */
    public void reload() {
        var known = register.all();
        for (NodeView stored : known) {
            NodeView seen = view.byId(stored.id()).orElse(stored);
            NodeView.Condition condition = seen.condition();
            view.put(stored.with(new NodeView.Condition(
                    stored.condition().adminState(),
                    condition.status(),
                    condition.capacityBytes(),
                    condition.usedBytes(),
                    condition.freeBytes())));
        }
        view.retain(known.stream().map(NodeView::id).toList());
        reloadedAt = clock.instant();
    }

    private void ping(NodeView node, Pulse pulse) {
        URI uri = URI.create(node.url() + "/internal/v1/ping");
        var unused = calls.sendAsync("GET", uri, Optional.empty(), config.timeout())
                .thenApply(answer -> report(node, answer))
                .exceptionally(failure -> Optional.empty())
                .thenAccept(report -> heard(node, pulse, report.orElse(null)))
                .exceptionally(failure -> {
                    LOG.log(Level.WARNING, "heartbeat of " + node.name() + " could not be recorded", failure);
                    return null;
                });
    }

    private static Optional<NodeReport> report(NodeView node, ClusterCall.Answer answer) {
        if (!answer.isSuccess()) {
            return Optional.empty();
        }
        Optional<JsonObject> json = answer.json();
        try {
            return json.map(NodeReport::fromJson)
                    .filter(report -> report.diskUuid().equals(node.diskUuid()));
        } catch (HoldfastException | NullPointerException | ClassCastException e) {
            LOG.log(Level.FINE, "unreadable heartbeat of " + node.name(), e);
            return Optional.empty();
        }
    }

    private void heard(NodeView node, Pulse pulse, @Nullable NodeReport report) {
        NodeStatus before =
                view.byId(node.id()).map(n -> n.condition().status()).orElse(NodeStatus.JOINING);
        NodeStatus after;
        boolean record;
        synchronized (pulse) {
            pulse.underWay = false;
            pulse.misses = report == null ? pulse.misses + 1 : 0;
            after = before.afterHeartbeat(report != null, pulse.misses, config.misses());
            Instant now = clock.instant();
            record = after != before || (report != null && now.isAfter(pulse.recordedAt.plus(RECORD_EVERY)));
            if (record) {
                pulse.recordedAt = now;
            }
        }
        view.change(
                node.id(),
                old -> report == null
                        ? new NodeView.Condition(
                                old.adminState(), after, old.capacityBytes(), old.usedBytes(), old.freeBytes())
                        : new NodeView.Condition(
                                old.adminState(),
                                after,
                                report.capacityBytes(),
                                report.usedBytes(),
                                report.freeBytes()));
        if (after != before) {
            LOG.info(() -> "node " + node.name() + ": " + before + " -> " + after);
        }
        if (record) {
            // On a thread of the container's, for its transaction; not at every beat, since each hand-over costs 0.3
            // ms.
            executor.execute(() -> recorded(node, before, after, report));
        }
    }

    private void recorded(NodeView node, NodeStatus before, NodeStatus after, @Nullable NodeReport report) {
        try {
            // The status of now, not of then: two recordings may overtake each other.
            NodeStatus present =
                    view.byId(node.id()).map(n -> n.condition().status()).orElse(after);
            register.record(node.id(), present, report);
            if (after != before && after == NodeStatus.RUNNING) {
                returned.fire(new NodeReturned(node.id()));
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the status of " + node.name() + " could not be recorded", e);
        }
    }
}
