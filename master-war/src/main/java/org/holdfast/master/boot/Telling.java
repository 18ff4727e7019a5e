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
                new Loop("alarms", KeepAlarms.EVERY, this::alarms),
                new Loop("streams of hints", SeeChanges.EVERY, streams::beat, streams::endAll));
    }

    private void alarms() {
        // Every master's metrics tell it, the leader's alarms too.
        var unused = totals.count();
        if (leadership.isLeader()) {
            gaps.beat();
            var found = find.find();
            Contention.retryRun(() -> keep.keep(found));
        }
    }
}
