package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.Ulid;

/**
 * Looks at deletions once more before they are sent: between the decision that a copy is too many and the deletion, other
 * nodes may have gone.
 */
@ApplicationScoped
public class SpareCopies {
    @PersistenceContext
    EntityManager entities;

    @Inject
    KnownCopies known;

    @Inject
    Clock clock;

    /**
     * The tasks that are still to be done. Deletions of copies that are needed again are cancelled; such a copy counts
     * again as soon as it has been verified.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    List<Task> spare(List<Task> due) {
        List<String> blobs = due.stream()
                .filter(task -> task.kind == TaskMessage.Kind.DELETE)
                .map(task -> task.blobId)
                .distinct()
                .toList();
        Map<String, KnownCopies.Kept> kept = new HashMap<>();
        known.of(blobs).forEach(blob -> kept.put(blob.blobId(), blob));
        return kept.isEmpty()
                ? due
                : due.stream()
                        .filter(task -> task.kind != TaskMessage.Kind.DELETE
                                || !kept.containsKey(task.blobId)
                                || mayGo(task, kept.get(task.blobId)))
                        .toList();
    }

    private boolean mayGo(Task deletion, KnownCopies.Kept blob) {
        Replica replica = entities.find(Replica.class, new ReplicaKey(deletion.blobId, deletion.targetNodeId));
        boolean surplus = replica == null || known.goodElsewhere(blob, deletion.targetNodeId) >= blob.wanted();
        if (surplus && (replica == null || replica.state == ReplicaState.DELETING)) {
            return true;
        }
        Instant now = clock.instant();
        deletion.end(TaskState.CANCELLED, "the copy is needed again", now);
        if (replica != null && replica.state == ReplicaState.DELETING) {
            replica.turn(ReplicaState.SUSPECT, now);
            var subject = new Task.Subject(
                    TaskMessage.Kind.VERIFY, Urgency.NORMAL, deletion.blobId, deletion.targetNodeId, deletion.path);
            entities.persist(new Task(Ulid.next(clock), subject, now, now));
        }
        return false;
    }
}
