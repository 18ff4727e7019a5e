package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.Ulid;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.placement.CopyPlan;

/**
 * Brings the copies of blobs in line with what is wanted, as far as that is a matter of writing it down: copies that are
 * missing are planned and their tasks enqueued, copies that are too many are given up. Everything that notices that a
 * file may have too few copies or too many comes here; what is to be done, {@link CopyPlan} decides.
 *
 * <p>Idempotent, and safe at any number of masters at once: a blob's row is locked while its copies are changed.
 */
@ApplicationScoped
public class MendCopies {
    /**
     * How long a surplus copy stays for readers that were just sent to it. Who comes later finds another holder, and who
     * is reading by then goes on to the end.
     */
    private static final Duration SENT_THERE = Duration.ofMinutes(1);

    @PersistenceContext
    EntityManager entities;

    @Inject
    KnownCopies known;

    @Inject
    ClusterView cluster;

    @Inject
    ReplicationConfig config;

    @Inject
    Clock clock;

    @Inject
    Event<TasksDue> tasksDue;

    /**
     * What was written down.
     *
     * @param planned copies that will be made
     * @param dropped copies that were given up
     * @param withoutPlace copies that are missing and have no node to go to, or none to come from
     */
    public record Mended(int planned, int dropped, int withoutPlace) {
        Mended plus(CopyPlan plan) {
            return new Mended(
                    planned + plan.copyTo().size(), dropped + plan.drop().size(), withoutPlace + plan.withoutPlace());
        }
    }

    /** Mends the blobs, in one transaction; a few hundred at a time. Blobs that no file refers to are left alone. */
    @Transactional
    public Mended mend(Collection<String> blobIds) {
        var mended = new Mended(0, 0, 0);
        List<String> unwell = new ArrayList<>();
        for (KnownCopies.Kept kept : known.of(blobIds)) {
            CopyPlan plan = known.plan(kept);
            if (plan.isNothing()) {
                mended = mended.plus(plan);
            } else {
                unwell.add(kept.blobId());
            }
        }
        if (unwell.isEmpty()) {
            return mended;
        }
        // What was read without a lock may be outdated: only what is read now is acted on.
        lock(unwell);
        for (KnownCopies.Kept kept : known.of(unwell)) {
            CopyPlan plan = known.plan(kept);
            mended = mended.plus(plan);
            carryOut(kept, plan);
        }
        if (mended.planned > 0) {
            tasksDue.fire(new TasksDue());
        }
        return mended;
    }

    /** Waits for whoever else changes these blobs' copies, or takes their names away, in order of their ids. */
    private void lock(List<String> blobIds) {
        var unused = entities.createQuery("select b from Blob b where b.id in :ids order by b.id", Blob.class)
                .setParameter("ids", blobIds)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList();
    }

    private void carryOut(KnownCopies.Kept kept, CopyPlan plan) {
        Instant now = clock.instant();
        int priority = Replica.ORIGIN;
        for (String node : plan.copyTo()) {
            priority = kept.freePriority(priority + 1);
            long target = cluster.require(node).id();
            entities.persist(Replica.planned(kept.blobId(), target, priority, now));
            enqueue(TaskMessage.Kind.REPLICATE, Urgency.of(plan.haste()), kept, target, now);
        }
        for (String node : plan.drop()) {
            long target = cluster.require(node).id();
            drop(kept, kept.on(target).orElseThrow(), now);
        }
    }

    private void drop(KnownCopies.Kept kept, KnownCopies.Row row, Instant now) {
        entities.createQuery("update Task t set t.state = :cancelled, t.reason = :why, t.sentAt = null,"
                        + " t.changedAt = :now where t.blobId = :blob and t.targetNodeId = :node"
                        + " and t.kind <> :delete and t.state not in :over")
                .setParameter("cancelled", TaskState.CANCELLED)
                .setParameter("why", "the copy is not needed there any more")
                .setParameter("now", now)
                .setParameter("blob", kept.blobId())
                .setParameter("node", row.nodeId())
                .setParameter("delete", TaskMessage.Kind.DELETE)
                .setParameter("over", List.of(TaskState.DONE, TaskState.CANCELLED))
                .executeUpdate();
        Replica replica = entities.find(Replica.class, new ReplicaKey(kept.blobId(), row.nodeId()));
        if (replica.state == ReplicaState.PLANNED || replica.state == ReplicaState.COPYING) {
            // Should a worker be at it, the copy goes when it has landed: no row asks for it.
            entities.remove(replica);
        } else {
            replica.turn(ReplicaState.DELETING, now);
            enqueue(TaskMessage.Kind.DELETE, Urgency.BACKGROUND, kept, row.nodeId(), now.plus(grace()));
        }
    }

    private Duration grace() {
        return config.deleteGrace().compareTo(SENT_THERE) < 0 ? config.deleteGrace() : SENT_THERE;
    }

    private void enqueue(
            TaskMessage.Kind kind, Urgency urgency, KnownCopies.Kept kept, long target, Instant notBefore) {
        var subject = new Task.Subject(kind, urgency, kept.blobId(), target, kept.path());
        entities.persist(new Task(Ulid.next(clock), subject, clock.instant(), notBefore));
    }
}
