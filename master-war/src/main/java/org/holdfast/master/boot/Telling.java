package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.holdfast.master.alarm.CertificateEnds;
import org.holdfast.master.alarm.FindAlarms;
import org.holdfast.master.alarm.KeepAlarms;
import org.holdfast.master.api.LiveStreams;
import org.holdfast.master.catalog.ClusterTotals;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.database.Contention;
import org.holdfast.master.live.SeeChanges;
import org.holdfast.master.verification.NoticeGap;

/** Tells people what they should look at: alarms, kept by the leader, and hints to the pages that are open here. */
@ApplicationScoped
public class Telling {
    @Inject
    FindAlarms find;

    @Inject
    KeepAlarms keep;

    @Inject
    NoticeGap gaps;

    @Inject
    ClusterTotals totals;

    @Inject
    CertificateEnds certificates;

    @Inject
    LiveStreams streams;

    @Inject
    Leadership leadership;

    List<Loop> loops() {
        return List.of(
                new Loop("certificates of others", CertificateEnds.EVERY, certificates::look),
                // For each master's metrics, and the leader's alarms. In a thread of its own: no alarm waits for a
                // count of
                // millions of files, or goes with one that fails.
                new Loop("count of copies", KeepAlarms.EVERY, totals::count),
                new Loop("alarms", KeepAlarms.EVERY, this::alarms),
                new Loop("streams of hints", SeeChanges.EVERY, streams::beat, streams::endAll));
    }

    private void alarms() {
        if (leadership.isLeader()) {
            gaps.beat();
            var found = find.find();
            Contention.retryRun(() -> keep.keep(found));
        }
    }
}
