package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    @Inject
    Event<TaskCancelled> cancelled;

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
            Optional<Progress> progress,
            Optional<String> reason) {}

    /**
     * How far the attempt is that is under way.
     *
     * @param worker who is at it
     * @param bytes moved so far
     * @param totalBytes to be moved
     * @param bytesPerSecond as last told
     * @param at when it was told
     */
    public record Progress(String worker, long bytes, long totalBytes, long bytesPerSecond, Instant at) {}

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
     * @param after id behind which to begin; empty for the beginning
     * @throws HoldfastException NOT_FOUND when the filter names an unknown node
     */
    @Transactional
    public List<TaskView> list(TaskFilter filter, String after, int limit) {
        var where = new StringBuilder("t.id > :after");
        Map<String, Object> values = new HashMap<>(Map.of("after", after));
        filter.state().ifPresent(state -> {
            where.append(" and t.state = :state");
            values.put("state", state);
        });
        filter.kind().ifPresent(kind -> {
            where.append(" and t.kind = :kind");
            values.put("kind", kind);
        });
        filter.urgency().ifPresent(urgency -> {
            where.append(" and t.urgency = :urgency");
            values.put("urgency", urgency.column());
        });
        filter.node().ifPresent(name -> {
            where.append(" and (t.targetNodeId = :node or t.sourceNodeId = :node)");
            values.put("node", cluster.require(name).id());
        });
        filter.path().ifPresent(path -> {
            where.append(" and (t.path = :path or t.path like :below escape '|')");
            values.put("path", path);
            values.put("below", path.replaceAll("[|%_]", "|$0") + "/%");
        });
        var query = entities.createQuery("select t from Task t where " + where + " order by t.id", Task.class);
        values.forEach(query::setParameter);
        return query.setMaxResults(limit).getResultStream().map(this::view).toList();
    }

    @Transactional
    public TaskView get(String id) {
        Task task = entities.find(Task.class, id);
        if (task == null) {
            throw missing(id);
        }
        return view(task);
    }

    @Transactional
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

    /** Gives a dead, dismissed, cancelled or waiting task a new series of attempts, at once. */
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

    /**
     * Ends a task that is not done; a worker that is at it is told to break off, and what it reports is noted. A copy that
     * is still wanted gets a new task from the sweeper: whoever does not want it made stops the dispatch.
     */
    @Transactional
    public TaskView cancel(String id) {
        Task task = lock(id);
        if (task.state == TaskState.DONE) {
            throw conflict(task, "cancelled");
        }
        if (task.sentAt != null) {
            cancelled.fire(new TaskCancelled(task.id, task.attempt));
        }
        task.end(TaskState.CANCELLED, "cancelled by hand", clock.instant());
        return view(task);
    }

    /** Takes note of a dead task: it is no longer listed as dead, and its copy is not tried again by itself. */
    @Transactional
    public TaskView dismiss(String id) {
        Task task = lock(id);
        if (task.state != TaskState.DEAD) {
            throw conflict(task, "dismissed");
        }
        task.end(TaskState.DISMISSED, task.reason, clock.instant());
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
                progress(task),
                Optional.ofNullable(task.reason));
    }

    private static Optional<Progress> progress(Task task) {
        Instant at = task.progressAt;
        return at == null
                ? Optional.empty()
                : Optional.of(new Progress(
                        String.valueOf(task.worker),
                        orZero(task.bytesDone),
                        orZero(task.bytesTotal),
                        orZero(task.bytesPerSecond),
                        at));
    }

    private static long orZero(@Nullable Long number) {
        return number == null ? 0 : number;
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
