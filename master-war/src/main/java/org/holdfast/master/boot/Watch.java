package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.holdfast.master.cluster.Heartbeat;
import org.holdfast.master.cluster.HeartbeatConfig;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeEvents;
import org.holdfast.master.cluster.NodeSamples;
import org.holdfast.master.cluster.RefreshView;
import org.holdfast.master.database.Contention;

/** Runs what concerns the nodes: who leads, what this master sees, the heartbeats, and what is kept of all that. */
@ApplicationScoped
public class Watch {
    private static final Duration TIDY_EVERY = Duration.ofMinutes(1);

    @Inject
    Leadership leadership;

    @Inject
    RefreshView refreshView;

    @Inject
    Heartbeat heartbeat;

    @Inject
    HeartbeatConfig heartbeatConfig;

    @Inject
    NodeSamples samples;

    @Inject
    NodeEvents events;

    List<Loop> loops() {
        return List.of(
                new Loop("leadership", Leadership.EVERY, leadership::seek),
                new Loop("view", RefreshView.EVERY, refreshView::refresh),
                new Loop("heartbeat", heartbeatConfig.interval(), heartbeat::beat),
                new Loop("samples", NodeSamples.EVERY, samples::take),
                new Loop("history", TIDY_EVERY, this::tidy));
    }

    private void tidy() {
        Contention.retryRun(samples::tidy);
        Contention.retryRun(events::trim);
    }
}
