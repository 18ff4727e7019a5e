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
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;
import org.jspecify.annotations.Nullable;

/** What people ask and decide about tasks. */
@ApplicationScoped
public class TaskDesk {
    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView cluster;

    @Inject
    Clock clock;

    /** A task as people see it; nodes by name. */
    public record TaskView(
            String id,
            String kind,
            TaskState state,
            Urgency urgency,
            String path,
            Route route,
            int attempt,
            Times times,
            Optional<String> reason) {}

    /** From where to where. */
    public record Route(Optional<String> source, String target) {}

    /** When it was made, last changed, and is due. */
    public record Times(Instant createdAt, Instant changedAt, Instant notBefore) {}

    /** One attempt that is over. */
    public record AttemptView(
            int attempt, String worker, Route route, String outcome, String detail, long bytes, Instant endedAt) {}

    /**
     * Tasks in order of their making.
     *
     * @param state only those in this state
     * @param node only those from or to this node
     * @param after id behind which to begin; empty for the beginning
     */
    @Transactional(Transactional.TxType.SUPPORTS)
    public List<TaskView> list(Optional<TaskState> state, Optional<String> node, String after, int limit) {
        long nodeId = node.map(name -> cluster.require(name).id()).orElse(-1L);
        return entities.createQuery(
                        "select t from Task t where t.id > :after and (:anyState = true or t.state = :state)"
                                + " and (:anyNode = true or t.targetNodeId = :node or t.sourceNodeId = :node)"
                                + " order by t.id",
                        Task.class)
                .setParameter("after", after)
                .setParameter("anyState", state.isEmpty())
                .setParameter("state", state.orElse(TaskState.QUEUED))
                .setParameter("anyNode", node.isEmpty())
                .setParameter("node", nodeId)
                .setMaxResults(limit)
                .getResultStream()
                .map(this::view)
                .toList();
    }

    @Transactional(Transactional.TxType.SUPPORTS)
    public TaskView get(String id) {
        Task task = entities.find(Task.class, id);
        if (task == null) {
            throw missing(id);
        }
        return view(task);
    }

    @Transactional(Transactional.TxType.SUPPORTS)
    public List<AttemptView> attempts(String id) {
        return entities.createQuery(
                        "select a from TaskAttempt a where a.key.taskId = :id order by a.key.attempt",
                        TaskAttempt.class)
                .setParameter("id", id)
                .getResultStream()
                .map(attempt -> new AttemptView(
                        attempt.key.attempt,
                        attempt.worker,
                        route(attempt.sourceNodeId, attempt.targetNodeId),
                        attempt.outcome,
                        attempt.detail,
                        attempt.bytes,
                        attempt.endedAt))
                .toList();
    }

    /** Gives a dead, cancelled or waiting task a new series of attempts, at once. */
    @Transactional
    public TaskView retry(String id) {
        Task task = lock(id);
        if (task.state == TaskState.DONE || task.state == TaskState.RUNNING) {
            throw conflict(task, "retried");
        }
        Instant now = clock.instant();
        task.again(now, "retried by hand", now);
        task.firstAttempt = task.attempt;
        return view(task);
    }

    /** Ends a task that is not done. What a worker is doing at this moment ends by itself; its outcome is noted. */
    @Transactional
    public TaskView cancel(String id) {
        Task task = lock(id);
        if (task.state == TaskState.DONE) {
            throw conflict(task, "cancelled");
        }
        task.end(TaskState.CANCELLED, "cancelled by hand", clock.instant());
        return view(task);
    }

    private Task lock(String id) {
        Task task = entities.find(Task.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (task == null) {
            throw missing(id);
        }
        return task;
    }

    private TaskView view(Task task) {
        return new TaskView(
                task.id,
                task.kind.name(),
                task.state,
                Urgency.ofColumn(task.urgency),
                task.path,
                route(task.sourceNodeId, task.targetNodeId),
                task.attempt,
                new Times(task.createdAt, task.changedAt, task.notBefore),
                Optional.ofNullable(task.reason));
    }

    private Route route(@Nullable Long source, long target) {
        return new Route(
                source == null ? Optional.empty() : cluster.byId(source).map(NodeView::name),
                cluster.byId(target).map(NodeView::name).orElse("removed"));
    }

    private static HoldfastException missing(String id) {
        return HoldfastException.of(FailureKind.NOT_FOUND, "not-found", "There is no task " + id + ".");
    }

    private static HoldfastException conflict(Task task, String what) {
        return HoldfastException.of(
                FailureKind.CONFLICT, "conflict", "A task that is " + task.state + " can't be " + what + ".");
    }
}
