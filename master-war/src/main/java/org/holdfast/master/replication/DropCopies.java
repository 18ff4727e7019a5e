package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.Ulid;

/**
 * Gives up all copies of a blob that no name refers to any more, within the transaction that takes the name away. The
 * bytes stay for a grace time, so that a reader who holds a ticket gets them whole.
 */
@ApplicationScoped
public class DropCopies {
    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    ReplicationConfig config;

    /** Cancels what is still being copied and enqueues the deletions. Idempotent. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void drop(BlobId blob, FileAddress address) {
        Instant now = clock.instant();
        // Whoever mends the copies of this blob has finished then, or begins when the name is gone.
        var unused = entities.find(Blob.class, blob.value(), LockModeType.PESSIMISTIC_WRITE);
        List<Task> copying = entities.createQuery(
                        "select t from Task t where t.blobId = :blob and t.kind <> :delete and t.state in :open",
                        Task.class)
                .setParameter("blob", blob.value())
                .setParameter("delete", TaskMessage.Kind.DELETE)
                .setParameter("open", List.of(TaskState.QUEUED, TaskState.RUNNING, TaskState.WAITING, TaskState.DEAD))
                .getResultList();
        copying.forEach(task -> task.end(TaskState.CANCELLED, "the file was deleted or replaced", now));
        List<Replica> replicas = entities.createQuery(
                        "select r from Replica r where r.key.blobId = :blob and r.state <> :deleting", Replica.class)
                .setParameter("blob", blob.value())
                .setParameter("deleting", ReplicaState.DELETING)
                .getResultList();
        for (Replica replica : replicas) {
            replica.turn(ReplicaState.DELETING, now);
            entities.persist(new Task(
                    Ulid.next(clock),
                    new Task.Subject(
                            TaskMessage.Kind.DELETE,
                            Urgency.BACKGROUND,
                            blob.value(),
                            replica.key.nodeId,
                            address.toString()),
                    now,
                    now.plus(config.deleteGrace())));
        }
    }
}
