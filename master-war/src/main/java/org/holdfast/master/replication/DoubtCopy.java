package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
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

/** Has a node look at a copy that a worker could not get right bytes from. */
@ApplicationScoped
public class DoubtCopy {
    @PersistenceContext
    EntityManager entities;

    @Inject
    KnownCopies known;

    @Inject
    CopiesOfBlob copies;

    @Inject
    Clock clock;

    /**
     * Enqueues the verification. Until it is through nobody reads the copy, unless it is the last that can be read: a
     * worker's word takes no file away.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    void doubt(String blobId, long nodeId, String path) {
        // Two doubts at once must not each leave the other's copy to readers.
        known.lock(List.of(blobId));
        Replica replica = entities.find(Replica.class, new ReplicaKey(blobId, nodeId));
        if (replica == null || replica.state != ReplicaState.VERIFIED || isBeingVerified(blobId, nodeId)) {
            return;
        }
        entities.flush();
        Instant now = clock.instant();
        if (copies.readable(new BlobId(blobId)).stream().anyMatch(node -> node.id() != nodeId)) {
            replica.turn(ReplicaState.SUSPECT, now);
        }
        var subject = new Task.Subject(TaskMessage.Kind.VERIFY, Urgency.NORMAL, blobId, nodeId, path);
        entities.persist(new Task(Ulid.next(clock), subject, now, now));
    }

    private boolean isBeingVerified(String blobId, long nodeId) {
        return !entities.createQuery(
                        "select t.id from Task t where t.blobId = :blob and t.targetNodeId = :node and t.kind = :kind"
                                + " and t.state in :open",
                        String.class)
                .setParameter("blob", blobId)
                .setParameter("node", nodeId)
                .setParameter("kind", TaskMessage.Kind.VERIFY)
                .setParameter("open", List.of(TaskState.QUEUED, TaskState.RUNNING, TaskState.WAITING))
                .getResultList()
                .isEmpty();
    }
}
