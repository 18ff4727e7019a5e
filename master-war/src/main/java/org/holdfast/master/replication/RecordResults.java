package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Logger;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.Receipts;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.TaskProgress;
import org.holdfast.contract.TaskResult;
import org.holdfast.contract.Ulid;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.placement.CopyPlan;

/**
 * Turns what workers report into the next state of tasks and replicas. Idempotent: a result of an attempt that is over
 * changes nothing.
 */
@ApplicationScoped
public class RecordResults {
    private static final Logger LOG = Logger.getLogger(RecordResults.class.getName());
    /** When to try again to find a node with room. */
    private static final Duration NO_ROOM = Duration.ofMinutes(1);

    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView cluster;

    @Inject
    KnownCopies known;

    @Inject
    CheckReceipts receipts;

    @Inject
    DoubtCopy doubtCopy;

    @Inject
    ReplicationConfig config;

    @Inject
    Clock clock;

    /**
     * Applies all results in one transaction, in the order of their tasks' ids, so that two masters don't dead-lock.
     *
     * @return ids of blobs of which a copy has become good or bad: others of their copies may be too many now, or too
     *     few. Who forgets to {@link MendCopies#mend} them leaves that to the next walk
     */
    @Transactional
    public Set<String> record(List<TaskResult> results) {
        Set<String> changed = new TreeSet<>();
        results.stream()
                .sorted(Comparator.comparing(TaskResult::taskId))
                .forEach(result -> record(result).ifPresent(changed::add));
        return changed;
    }

    /** Notes how far workers are. What a finished or later attempt's worker told is passed over. */
    @Transactional
    public void recordProgress(Collection<TaskProgress> news) {
        Instant now = clock.instant();
        // In the order of their ids, so that two masters don't dead-lock; of several words about a task the last
        // counts.
        var latest = new TreeMap<String, TaskProgress>();
        news.forEach(told -> latest.put(told.taskId(), told));
        latest.values().forEach(told -> {
            Task task = entities.find(Task.class, told.taskId(), LockModeType.PESSIMISTIC_WRITE);
            boolean underWay = task != null
                    && task.attempt == told.attempt()
                    && task.sentAt != null
                    && (task.state == TaskState.QUEUED || task.state == TaskState.RUNNING);
            if (underWay) {
                task.progress(told, now);
            }
        });
    }

    private Optional<String> record(TaskResult report) {
        Task task = entities.find(Task.class, report.taskId(), LockModeType.PESSIMISTIC_WRITE);
        if (task == null
                || task.attempt != report.attempt()
                || task.state == TaskState.DONE
                || task.state == TaskState.DEAD
                || task.state == TaskState.DISMISSED) {
            return Optional.empty();
        }
        if (entities.find(TaskAttempt.class, new TaskAttempt.Key(task.id, report.attempt())) != null) {
            // A cancelled task keeps its attempt's number; the same result may come twice.
            return Optional.empty();
        }
        TaskResult result = receipts.check(task, report);
        entities.persist(new TaskAttempt(task, result));
        boolean cancelled = task.state == TaskState.CANCELLED;
        Outcome outcome = result.outcome();
        Optional<ReplicaState> disproved = disproved(task, outcome);
        if (disproved.isPresent()) {
            disprove(task, disproved.get(), outcome);
            return Optional.of(task.blobId);
        }
        boolean doubted = RetryTable.doubtsSource(outcome);
        if (doubted && task.sourceNodeId != null) {
            doubtCopy.doubt(task.blobId, task.sourceNodeId, task.path);
        }
        Decision decision = RetryTable.decide(
                outcome, task.attempt - task.firstAttempt + 1, config.maxAttempts(), ThreadLocalRandom.current());
        if (decision instanceof Decision.Done) {
            done(task);
        } else if (!cancelled) {
            goOn(task, decision, outcome);
        }
        return decision instanceof Decision.Done || doubted ? Optional.of(task.blobId) : Optional.empty();
    }

    /** What a verification has shown, when it has shown that the copy is bad. */
    private static Optional<ReplicaState> disproved(Task task, Outcome outcome) {
        return outcome.condition() == Outcome.Condition.HTTP
                ? CheckReceipts.claimed(task.kind, outcome)
                        .map(fact -> fact == Receipts.Fact.BAD ? ReplicaState.CORRUPT : ReplicaState.LOST)
                : Optional.empty();
    }

    private void disprove(Task task, ReplicaState state, Outcome outcome) {
        Instant now = clock.instant();
        Replica replica = replica(task.blobId, task.targetNodeId);
        if (replica != null && replica.state != ReplicaState.DELETING) {
            replica.turn(state, now);
            LOG.warning(() -> "a copy of " + task.path + " is " + state + ": " + outcome.detail());
        }
        task.end(TaskState.DONE, outcome.detail(), now);
    }

    private void goOn(Task task, Decision decision, Outcome outcome) {
        Instant now = clock.instant();
        String why = outcome.detail();
        if (decision instanceof Decision.RetrySame same) {
            task.again(now.plus(same.delay()), why, now);
        } else if (decision instanceof Decision.HandBack handBack) {
            task.again(now.plus(handBack.delay()), why, now);
            if (RetryTable.isNobodysFailure(outcome)) {
                // A worker that was stopped must not use up the attempts that failures are allowed.
                task.firstAttempt++;
            }
        } else if (decision instanceof Decision.ReplanTarget replan) {
            replanTarget(task, replan.delay(), why, now);
        } else if (decision instanceof Decision.Dead dead) {
            LOG.warning(() -> "task " + task.id + " for " + task.path + " is dead: " + dead.reason());
            task.end(TaskState.DEAD, dead.reason(), now);
        }
    }

    private void done(Task task) {
        Instant now = clock.instant();
        switch (task.kind) {
            case REPLICATE, VERIFY -> verified(task, now);
            case DELETE -> deleted(task);
        }
        if (task.state != TaskState.CANCELLED) {
            task.end(TaskState.DONE, null, now);
        }
    }

    private void verified(Task task, Instant now) {
        Replica replica = replica(task.blobId, task.targetNodeId);
        if (replica == null || replica.state == ReplicaState.DELETING) {
            // The file went away, or the copy was given up, while it was being made: it must go as well.
            Duration grace = replica == null ? Duration.ZERO : config.deleteGrace();
            entities.persist(deletion(task, now, grace));
        } else {
            replica.turn(ReplicaState.VERIFIED, now);
        }
    }

    private void deleted(Task task) {
        Replica replica = replica(task.blobId, task.targetNodeId);
        if (replica != null) {
            entities.remove(replica);
            entities.flush();
        }
        long left = entities.createQuery("select count(r) from Replica r where r.key.blobId = :blob", Long.class)
                .setParameter("blob", task.blobId)
                .getSingleResult();
        Blob blob = left == 0 ? entities.find(Blob.class, task.blobId) : null;
        if (blob != null) {
            entities.remove(blob);
        }
    }

    private void replanTarget(Task task, Duration delay, String why, Instant now) {
        Optional<CopyPlan> plan = known.of(List.of(task.blobId)).stream()
                .findFirst()
                .map(kept -> known.planWithout(kept, task.targetNodeId));
        Replica planned = replica(task.blobId, task.targetNodeId);
        if (plan.isEmpty() || plan.get().copyTo().isEmpty()) {
            // Room comes when a person makes some: the task waits for it, however long, and says so.
            task.again(now.plus(NO_ROOM), why + "; no other node has room", now);
            task.firstAttempt++;
            return;
        }
        long next = cluster.require(plan.get().copyTo().get(0)).id();
        int priority = Replica.ORIGIN + 1;
        if (planned != null) {
            priority = planned.priority;
            entities.remove(planned);
        }
        entities.persist(Replica.planned(task.blobId, next, priority, now));
        task.targetNodeId = next;
        task.again(now.plus(delay), why, now);
    }

    private Replica replica(String blobId, long nodeId) {
        return entities.find(Replica.class, new ReplicaKey(blobId, nodeId));
    }

    private Task deletion(Task task, Instant now, Duration delay) {
        var subject = new Task.Subject(
                TaskMessage.Kind.DELETE, Urgency.BACKGROUND, task.blobId, task.targetNodeId, task.path);
        return new Task(Ulid.next(clock), subject, now, now.plus(delay));
    }
}
