package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.Ping;

/**
 * Pings every node while this master leads, and tells {@link NodeLife} what it finds. Changes of status are written at
 * once, plain reports every {@link #RECORD_EVERY}.
 */
@ApplicationScoped
public class Heartbeat {
    private static final Logger LOG = Logger.getLogger(Heartbeat.class.getName());
    private static final Duration RECORD_EVERY = Duration.ofSeconds(10);

    /** A pause between two rounds that is longer by this shows that this master itself has stood still. */
    private static final Duration STALL = Duration.ofSeconds(1);

    private final Map<Long, Pulse> pulses = new ConcurrentHashMap<>();
    private volatile long ledWith;
    private volatile Instant beatAt = Instant.EPOCH;
    private volatile Instant stalledAt = Instant.EPOCH;

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

    /** One round: starts a ping to every node that has none under way. Returns at once. */
    public void beat() {
        Instant now = clock.instant();
        if (now.isAfter(beatAt.plus(config.interval()).plus(STALL))) {
            stalledAt = now;
        }
        beatAt = now;
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
            if (pulse.begin(now)) {
                var cap = node.terms().bandwidthBytesPerSecond();
                send(node, pulse, new Ping(leader, clock.instant(), headSeq, cluster, cap));
            } else if (node.isRunning() && node.isPrompt() && pulse.isOverdue(config.late(), now)) {
                executor.execute(() -> turnLate(node, true));
            }
        }
    }

    private static Ping.Peer peer(NodeView node) {
        String status = node.condition().status().name().toLowerCase(Locale.ROOT);
        return new Ping.Peer(node.name(), node.url(), status, node.canRead());
    }

    private void send(NodeView node, Pulse pulse, Ping ping) {
        URI uri = URI.create(node.url() + "/internal/v1/ping");
        Instant asked = clock.instant();
        Duration patience = pulse.patience(config.silence(), asked);
        var unused = calls.to(node)
                .sendAsync("POST", uri, Optional.of(ping.toJson()), patience)
                .handle((answer, failure) -> {
                    if (answer == null) {
                        unanswered(node, pulse, isSilence(failure) && !stalledSince(asked), patience);
                    } else {
                        Duration took = Duration.between(asked, clock.instant());
                        pings.add(node.id(), took);
                        heard(node, pulse, answer, took);
                    }
                    return true;
                })
                .exceptionally(failure -> {
                    pulse.end();
                    LOG.log(Level.WARNING, "heartbeat of " + node.name() + " could not be understood", failure);
                    return false;
                });
    }

    /** A connection that is refused or breaks tells more: nobody is there. */
    private static boolean isSilence(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException);
    }

    /** Whether it was this master that did not come to hear anything: then silence says nothing of others. */
    private boolean stalledSince(Instant moment) {
        return stalledAt.isAfter(moment)
                || clock.instant().isAfter(beatAt.plus(config.interval()).plus(STALL));
    }

    private void heard(NodeView node, Pulse pulse, ClusterCall.Answer answer, Duration took) {
        if (Finding.isFromStaleLeader(answer)) {
            LOG.warning(() -> "node " + node.name() + " has heard of a later leader than this master");
            pulse.end();
            return;
        }
        NodeView seen = now(node);
        Optional<Finding> finding = Finding.in(answer, seen);
        if (finding.isEmpty()) {
            String why = answer.status() == Finding.UNAUTHENTICATED
                    ? "What answers at " + node.url() + " does not know the keys of " + node.name()
                            + ": it has another disk, or belongs to another cluster."
                    : missed();
            missed(seen, pulse, why);
            return;
        }
        finding.get().report().ifPresent(report -> traffic.heard(node.id(), report));
        boolean isPrompt = pulse.answered(took.compareTo(config.late()) >= 0, clock.instant());
        if (isPrompt && !seen.isPrompt()) {
            executor.execute(() -> turnLate(seen, false));
        }
        act(seen, pulse, patient(seen, pulse, finding.get()));
    }

    /** The view of now: the node may have been turned since the ping left. */
    private NodeView now(NodeView node) {
        return view.byId(node.id()).orElse(node);
    }

    private void unanswered(NodeView node, Pulse pulse, boolean isSilent, Duration patience) {
        if (isSilent) {
            silent(now(node), pulse, "It has not answered for " + seconds(patience) + ".");
        } else {
            missed(now(node), pulse, missed());
        }
    }

    private String missed() {
        return "It missed " + config.misses() + " heartbeats in a row.";
    }

    private void missed(NodeView node, Pulse pulse, String why) {
        if (pulse.missed(config.misses())) {
            silent(node, pulse, why);
        } else {
            pulse.end();
        }
    }

    private void silent(NodeView node, Pulse pulse, String why) {
        act(
                node,
                pulse,
                new Finding(
                        NodeStatus.Sign.SILENT,
                        why,
                        Optional.empty(),
                        node.condition().heard().at()));
    }

    /** A node that was down and whose process is the same was slow, and is borne with for longer. */
    private Finding patient(NodeView node, Pulse pulse, Finding finding) {
        if (finding.sign() != NodeStatus.Sign.ANSWERED || node.condition().status() != NodeStatus.DOWN) {
            return finding;
        }
        Instant now = clock.instant();
        pulse.wasAlive(now);
        return finding.because("It answers, and is the process that it was; for " + Pulse.REMEMBERED.toMinutes()
                + " minutes it may be silent for " + seconds(pulse.patience(config.silence(), now)) + ".");
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private void turnLate(NodeView node, boolean late) {
        try {
            turnStatus.late(node.id(), late);
            refreshView.refresh();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "how quickly " + node.name() + " answers could not be recorded", e);
        }
    }

    private void act(NodeView node, Pulse pulse, Finding finding) {
        NodeStatus before = node.condition().status();
        boolean turns = before.after(finding.sign()) != before || before.provesAfter(finding.sign());
        Instant now = clock.instant();
        boolean records = finding.report().isPresent() && pulse.isDue(RECORD_EVERY, now);
        if (!turns) {
            finding.report().ifPresent(report -> view.heard(node.id(), report, now));
        }
        // Why a node is down may change: nothing answered there, and now something does that is not it.
        boolean explains = before == NodeStatus.DOWN
                && finding.report().isEmpty()
                && !node.condition().seen().reason().equals(Optional.of(finding.why()));
        if (!turns && !records && !explains) {
            pulse.end();
            return;
        }
        pulse.recorded(now);
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
                pulse.end();
            }
        });
    }
}
