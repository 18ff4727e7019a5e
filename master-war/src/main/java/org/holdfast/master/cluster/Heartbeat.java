package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.Ping;
import org.jspecify.annotations.Nullable;

/**
 * Pings every node while this master leads, and tells {@link NodeLife} what it finds. Changes of status are written at
 * once, plain reports every {@link #RECORD_EVERY}.
 */
@ApplicationScoped
public class Heartbeat {
    private static final Logger LOG = Logger.getLogger(Heartbeat.class.getName());
    private static final int UNAUTHENTICATED = 401;
    private static final Duration RECORD_EVERY = Duration.ofSeconds(10);

    private final Map<Long, Pulse> pulses = new ConcurrentHashMap<>();
    private volatile long ledWith;

    @Inject
    ClusterView view;

    @Inject
    NodeRegister register;

    @Inject
    RefreshView refreshView;

    @Inject
    NodeLife life;

    @Inject
    TurnStatus turnStatus;

    @Inject
    Removals removals;

    @Inject
    Leadership leadership;

    @Inject
    Membership membership;

    @Inject
    PingTimes pings;

    @Inject
    NodeTraffic traffic;

    @Inject
    CallNodes calls;

    @Inject
    MasterKeys keys;

    @Inject
    HeartbeatConfig config;

    @Inject
    Clock clock;

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
        if (!leadership.isLeader()) {
            return;
        }
        long token = leadership.token();
        if (token != ledWith) {
            pulses.clear();
            traffic.forget();
            // What the last leader wrote may be younger than this view.
            refreshView.refresh();
            ledWith = token;
        }
        var leader = new Ping.Leader(membership.masterName(), token);
        var cluster = new Ping.Cluster(
                membership.masters(),
                view.nodes().stream().map(Heartbeat::peer).toList(),
                keys.ids(),
                removals.known());
        long headSeq = register.headSeq();
        for (NodeView node : view.nodes()) {
            Pulse pulse = pulses.computeIfAbsent(node.id(), id -> new Pulse());
            if (node.isPinged() && begin(pulse)) {
                var cap = node.terms().bandwidthBytesPerSecond();
                send(node, pulse, new Ping(leader, clock.instant(), headSeq, cluster, cap));
            }
        }
    }

    private static Ping.Peer peer(NodeView node) {
        String status = node.condition().status().name().toLowerCase(Locale.ROOT);
        return new Ping.Peer(node.name(), node.url(), status, node.canRead());
    }

    private static boolean begin(Pulse pulse) {
        synchronized (pulse) {
            boolean free = !pulse.underWay;
            pulse.underWay = true;
            return free;
        }
    }

    private static void end(Pulse pulse) {
        synchronized (pulse) {
            pulse.underWay = false;
        }
    }

    private void send(NodeView node, Pulse pulse, Ping ping) {
        URI uri = URI.create(node.url() + "/internal/v1/ping");
        Instant asked = clock.instant();
        var unused = calls.to(node)
                .sendAsync("POST", uri, Optional.of(ping.toJson()), config.timeout())
                .handle((answer, failure) -> {
                    if (answer != null) {
                        pings.add(node.id(), Duration.between(asked, clock.instant()));
                    }
                    heard(node, pulse, answer);
                    return true;
                })
                .exceptionally(failure -> {
                    end(pulse);
                    LOG.log(Level.WARNING, "heartbeat of " + node.name() + " could not be understood", failure);
                    return false;
                });
    }

    private void heard(NodeView node, Pulse pulse, ClusterCall.@Nullable Answer answer) {
        if (answer != null && Finding.isFromStaleLeader(answer)) {
            LOG.warning(() -> "node " + node.name() + " has heard of a later leader than this master");
            end(pulse);
            return;
        }
        // The view of now: the node may have been turned since the ping left.
        NodeView seen = view.byId(node.id()).orElse(node);
        Optional<Finding> finding = answer == null ? Optional.empty() : Finding.in(answer, seen);
        if (finding.isEmpty()) {
            missed(seen, pulse, answer != null && answer.status() == UNAUTHENTICATED);
            return;
        }
        pulse.misses = 0;
        finding.get().report().ifPresent(report -> traffic.heard(node.id(), report));
        act(seen, pulse, finding.get());
    }

    /** @param refused whether something answers there that does not take this for a master's call */
    private void missed(NodeView node, Pulse pulse, boolean refused) {
        pulse.misses++;
        if (pulse.misses < config.misses()) {
            end(pulse);
            return;
        }
        int misses = pulse.misses;
        // What comes after this needs as many misses again.
        pulse.misses = 0;
        String why = refused
                ? "What answers at " + node.url() + " does not know the keys of " + node.name()
                        + ": it has another disk, or belongs to another cluster."
                : "It missed " + misses + " heartbeats in a row.";
        act(
                node,
                pulse,
                new Finding(
                        NodeStatus.Sign.SILENT,
                        why,
                        Optional.empty(),
                        node.condition().heard().at()));
    }

    private void act(NodeView node, Pulse pulse, Finding finding) {
        NodeStatus before = node.condition().status();
        boolean turns = before.after(finding.sign()) != before || before.provesAfter(finding.sign());
        Instant now = clock.instant();
        boolean records = finding.report().isPresent() && now.isAfter(pulse.recordedAt.plus(RECORD_EVERY));
        if (!turns) {
            finding.report().ifPresent(report -> view.heard(node.id(), report, now));
        }
        // Why a node is down may change: nothing answered there, and now something does that is not it.
        boolean explains = before == NodeStatus.DOWN
                && finding.report().isEmpty()
                && !node.condition().seen().reason().equals(Optional.of(finding.why()));
        if (!turns && !records && !explains) {
            end(pulse);
            return;
        }
        pulse.recordedAt = now;
        // On a thread of the container's, for its transaction; not at every beat, since each hand-over costs 0.3 ms.
        // The pulse ends only then: no second finding overtakes the first.
        executor.execute(() -> {
            try {
                if (turns) {
                    life.notice(node.id(), finding);
                } else {
                    turnStatus.record(node.id(), finding);
                    if (explains) {
                        refreshView.refresh();
                    }
                }
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "what was found of " + node.name() + " could not be recorded", e);
            } finally {
                end(pulse);
            }
        });
    }
}
