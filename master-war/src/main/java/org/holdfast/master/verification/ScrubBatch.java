package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.util.List;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeEvents;
import org.holdfast.master.cluster.NodeView;

/**
 * Reads some copies on a node that is in use. A bad one is taken away from readers first, then the catalog learns of it
 * and has it made anew: a master that stops in between leaves a copy that is missing, which the next scrub repairs.
 */
@ApplicationScoped
public class ScrubBatch {
    /** What one answer of a node may take, so that progress is seen and a new leader does not wait for long. */
    private static final long MAX_SECONDS = 5;

    @Inject
    JudgeCopies judge;

    @Inject
    NodeTalk talk;

    @Inject
    RecordProofs record;

    @Inject
    CheckRecords records;

    @Inject
    NodeEvents events;

    @Inject
    Leadership leadership;

    @Inject
    ScrubConfig config;

    /** As many of these copies as are read at once. */
    static List<HeldCopy> of(List<HeldCopy> page, long bytesPerSecond) {
        return JudgeCopies.batch(page, Math.min(JudgeCopies.MAX_BATCH_BYTES, bytesPerSecond * MAX_SECONDS));
    }

    /** Reads them, at the pace of the scrub, and does what is necessary about bad ones. */
    void check(NodeView node, String checkId, List<HeldCopy> copies, String position) throws IOException {
        if (copies.isEmpty()) {
            return;
        }
        List<Judged> judged = judge.judge(node, copies, copy -> true, config.bytesPerSecond());
        for (Judged one : judged) {
            if (!one.isRight()) {
                talk.quarantine(
                        node,
                        one.copy().blob(),
                        "The scrub found that it " + one.wrong().orElseThrow().words() + ".");
            }
        }
        var unused = record.record(node, RecordProofs.Batch.of(checkId, judged, copies, position), true);
    }

    /** Writes down what was found besides copies. */
    @Transactional
    void found(NodeView node, String checkId, List<CheckRecords.Finding> findings) {
        if (!findings.isEmpty()) {
            leadership.requireLeader();
            records.find(checkId, findings);
            events.node(
                    node,
                    NodeEvents.Event.of(
                            "COPY",
                            findings.size() + " files that should not be there were put into quarantine, among them "
                                    + findings.get(0).name() + "."));
        }
    }
}
