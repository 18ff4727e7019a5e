package org.holdfast.master.verification;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.holdfast.contract.BlobId;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeEvents;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.Rows;
import org.holdfast.master.replication.RepairCopy;
import org.jspecify.annotations.Nullable;

/** Writes down what was found of copies, and the repairs of bad ones, in one transaction for each batch. */
@ApplicationScoped
public class RecordProofs {
    /** Findings of one batch that become events of their own; the rest is in the check. */
    private static final int MAX_EVENTS = 5;

    @PersistenceContext
    EntityManager entities;

    @Inject
    Leadership leadership;

    @Inject
    CheckRecords records;

    @Inject
    RepairCopy repairCopy;

    @Inject
    NodeEvents events;

    @Inject
    Clock clock;

    /**
     * One batch of a check.
     *
     * @param checkId the check
     * @param judged what was found
     * @param copies how many were looked at, those that went away meanwhile included
     * @param bytes how many they have
     * @param position behind what the check goes on
     */
    record Batch(String checkId, List<Judged> judged, int copies, long bytes, String position) {
        static Batch of(String checkId, List<Judged> judged, List<HeldCopy> looked, String position) {
            long bytes = looked.stream().mapToLong(HeldCopy::sizeBytes).sum();
            return new Batch(checkId, judged, looked.size(), bytes, position);
        }
    }

    /**
     * Records a batch. A copy whose row has changed since it was read is neither praised nor blamed.
     *
     * @param repair whether bad copies are made anew now; their bytes have been taken away before
     * @return the blobs that were found wrong
     */
    @Transactional
    List<BlobId> record(NodeView node, Batch batch, boolean repair) {
        leadership.requireLeader();
        LocalDateTime now = Rows.utc(clock.instant());
        praise(node, batch.judged, now);
        List<CheckRecords.Finding> findings = new ArrayList<>();
        List<BlobId> wrong = new ArrayList<>();
        for (Judged judged : batch.judged) {
            Optional<Wrong> what = judged.wrong();
            if (what.isPresent() && blame(node, judged.copy(), what.get(), now)) {
                BlobId blob = judged.copy().blob();
                String path = path(blob);
                findings.add(new CheckRecords.Finding(node.id(), what.get(), blob.value(), path));
                wrong.add(blob);
                if (repair) {
                    repairCopy.repair(blob, node.id());
                }
                if (findings.size() <= MAX_EVENTS) {
                    events.node(node, NodeEvents.Event.of("COPY", sentence(blob, path, what.get())));
                }
            }
        }
        if (!findings.isEmpty()) {
            records.find(batch.checkId, findings);
        }
        records.advance(batch.checkId, batch.copies, batch.bytes, batch.position);
        return wrong;
    }

    /** Has bad copies made anew whose bytes have been taken away before. */
    @Transactional
    void repair(NodeView node, List<HeldCopy> bad) {
        leadership.requireLeader();
        bad.forEach(copy -> repairCopy.repair(copy.blob(), node.id()));
    }

    private static String sentence(BlobId blob, @Nullable String path, Wrong what) {
        return "The copy of " + (path == null ? "a file without a name" : path) + " (blob " + blob + ") " + what.words()
                + ".";
    }

    private void praise(NodeView node, List<Judged> judged, LocalDateTime now) {
        List<BlobId> right = judged.stream()
                .filter(one -> one.isRight() && one.wasRead())
                .map(one -> one.copy().blob())
                .toList();
        if (!right.isEmpty()) {
            // MariaDB assigns from left to right: the time of change looks at the old state.
            entities.createNativeQuery("UPDATE replica SET changed_at = IF(state = 'VERIFIED', changed_at, ?),"
                            + " state = 'VERIFIED', verified_at = ? WHERE node_id = ? AND state IN ("
                            + HeldCopies.names(HeldCopies.EXPECTED) + ") AND blob_id IN ("
                            + HeldCopies.list(right) + ")")
                    .setParameter(1, now)
                    .setParameter(2, now)
                    .setParameter(3, node.id())
                    .executeUpdate();
        }
    }

    private boolean blame(NodeView node, HeldCopy copy, Wrong what, LocalDateTime now) {
        return entities.createNativeQuery("UPDATE replica SET state = ?, changed_at = ?"
                                + " WHERE node_id = ? AND blob_id = ? AND state = ? AND changed_at = ?")
                        .setParameter(1, what.state().name())
                        .setParameter(2, now)
                        .setParameter(3, node.id())
                        .setParameter(4, copy.blob().value())
                        .setParameter(5, copy.state().name())
                        .setParameter(6, Rows.utc(copy.changedAt()))
                        .executeUpdate()
                == 1;
    }

    private @Nullable String path(BlobId blob) {
        return Rows.texts(entities.createNativeQuery("SELECT CONCAT_WS('/', n.name, NULLIF(d.path, ''), f.name)"
                                + " FROM file_version v JOIN file f ON f.id = v.file_id JOIN folder d ON d.id = f.folder_id"
                                + " JOIN namespace n ON n.id = d.namespace_id WHERE v.blob_id = ?")
                        .setParameter(1, blob.value()))
                .stream()
                .findFirst()
                .orElse(null);
    }
}
