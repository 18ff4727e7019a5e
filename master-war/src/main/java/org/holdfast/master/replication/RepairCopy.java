package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.Ulid;
import org.holdfast.master.database.Rows;

/** Has a copy that was found bad made anew on its node, within the transaction that finds it bad. */
@ApplicationScoped
public class RepairCopy {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    Event<TasksDue> tasksDue;

    /** Enqueues the repair, urgently when one good copy is left. Nothing happens while one is under way. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void repair(BlobId blob, long nodeId) {
        boolean isUnderWay = !entities.createQuery(
                        "select t.id from Task t where t.blobId = :blob and t.targetNodeId = :node and t.kind = :kind"
                                + " and t.state in :open",
                        String.class)
                .setParameter("blob", blob.value())
                .setParameter("node", nodeId)
                .setParameter("kind", TaskMessage.Kind.REPLICATE)
                .setParameter("open", List.of(TaskState.QUEUED, TaskState.RUNNING, TaskState.WAITING))
                .getResultList()
                .isEmpty();
        if (isUnderWay) {
            return;
        }
        Instant now = clock.instant();
        Urgency urgency = verifiedCopies(blob) == 1 ? Urgency.URGENT : Urgency.NORMAL;
        var subject = new Task.Subject(TaskMessage.Kind.REPLICATE, urgency, blob.value(), nodeId, path(blob));
        entities.persist(new Task(Ulid.next(clock), subject, now, now));
        tasksDue.fire(new TasksDue());
    }

    private long verifiedCopies(BlobId blob) {
        return Rows.longs(entities.createNativeQuery(
                                "SELECT COUNT(*) FROM replica WHERE blob_id = ? AND state = 'VERIFIED'")
                        .setParameter(1, blob.value()))
                .get(0);
    }

    private String path(BlobId blob) {
        return Rows.texts(entities.createNativeQuery("SELECT CONCAT_WS('/', n.name, NULLIF(d.path, ''), f.name)"
                                + " FROM file_version v JOIN file f ON f.id = v.file_id JOIN folder d ON d.id = f.folder_id"
                                + " JOIN namespace n ON n.id = d.namespace_id WHERE v.blob_id = ?")
                        .setParameter(1, blob.value()))
                .stream()
                .findFirst()
                .orElse("unknown/unknown");
    }
}
