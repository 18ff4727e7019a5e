package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.TaskMessage;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;
import org.jspecify.annotations.Nullable;

/** Answers, for each copy of a blob that is not there, why, what happens next, and when. */
@ApplicationScoped
public class ExplainCopies {
    @PersistenceContext
    EntityManager entities;

    @Inject
    CopiesOfBlob copies;

    @Inject
    PauseDispatch pauses;

    @Inject
    ClusterView cluster;

    @Inject
    ReplicationConfig config;

    @Inject
    Clock clock;

    /**
     * A copy that can't be read.
     *
     * @param node where it is to be; empty when no place has been found yet
     * @param state of the copy, in lower case; {@code unplanned} when there is none
     * @param why one clause for people
     * @param next what happens by itself, or what a person has to do
     * @param when at what time, where that is known
     */
    public record Missing(Optional<String> node, String state, String why, String next, Optional<Instant> when) {}

    private record Reason(String why, String next, Optional<Instant> when) {
        Reason(String why, String next) {
            this(why, next, Optional.empty());
        }
    }

    /**
     * The missing copies, those with a node first.
     *
     * @param wanted number of copies that there should be, the origin included
     */
    @Transactional
    public List<Missing> missing(BlobId blob, int wanted) {
        Map<Long, Task> tasks = latestTasks(blob);
        List<PauseDispatch.Pause> paused = pauses.all();
        List<Missing> missing = new ArrayList<>();
        Set<String> holders = new HashSet<>();
        for (CopiesOfBlob.Copy copy : copies.all(blob)) {
            if (copy.state() != ReplicaState.DELETING) {
                holders.add(copy.node().name());
                reason(copy, tasks.get(copy.node().id()), paused)
                        .ifPresent(reason -> missing.add(new Missing(
                                Optional.of(copy.node().name()),
                                copy.state().name().toLowerCase(Locale.ROOT),
                                reason.why,
                                reason.next,
                                reason.when)));
            }
        }
        for (int copy = holders.size(); copy < wanted; copy++) {
            Reason reason = unplanned(holders);
            missing.add(new Missing(Optional.empty(), "unplanned", reason.why, reason.next, reason.when));
        }
        return missing;
    }

    private Map<Long, Task> latestTasks(BlobId blob) {
        Map<Long, Task> latest = new HashMap<>();
        entities.createQuery(
                        "select t from Task t where t.blobId = :blob and t.kind <> :delete order by t.id", Task.class)
                .setParameter("blob", blob.value())
                .setParameter("delete", TaskMessage.Kind.DELETE)
                .getResultStream()
                .forEach(task -> latest.put(task.targetNodeId, task));
        return latest;
    }

    private Reason unplanned(Set<String> holders) {
        long others = cluster.candidates(holders).size();
        return others == 0
                ? new Reason(
                        "no node besides those " + holders.size() + " can take a copy now",
                        "it is planned when a node more can take it")
                : new Reason("it is not planned yet", "it is planned with the next walk over all files");
    }

    /** Nothing for a copy that is there. */
    private Optional<Reason> reason(CopiesOfBlob.Copy copy, @Nullable Task task, List<PauseDispatch.Pause> paused) {
        NodeView node = copy.node();
        if (copy.state() == ReplicaState.VERIFIED) {
            return node.canRead()
                    ? Optional.empty()
                    : Optional.of(new Reason(
                            status(node),
                            "it is read again when the node is back, and made again elsewhere if that takes long"));
        }
        return Optional.of(task == null ? noTask() : reason(task, node, paused));
    }

    private Reason noTask() {
        return new Reason(
                "nothing is being done about it",
                "the sweeper makes a task after " + config.resendAfter().toSeconds() + " s");
    }

    private Reason reason(Task task, NodeView node, List<PauseDispatch.Pause> paused) {
        return switch (task.state) {
            case QUEUED -> task.sentAt == null ? unsent(task, node, paused) : sent(task, task.sentAt);
            case RUNNING -> running(task);
            case WAITING ->
                canDo(task, node)
                        ? new Reason(
                                "attempt " + (task.attempt - 1) + " failed: " + told(task),
                                "attempt " + task.attempt,
                                Optional.of(task.notBefore))
                        : new Reason(status(node), "attempt " + task.attempt + " when the node is back");
            case DEAD ->
                new Reason("given up: " + told(task), "nothing, until an administrator retries task " + task.id);
            case DISMISSED ->
                new Reason(
                        "given up, and an administrator has taken note: " + told(task),
                        "nothing, unless an administrator retries task " + task.id);
            case DONE, CANCELLED -> noTask();
        };
    }

    private Reason unsent(Task task, NodeView node, List<PauseDispatch.Pause> paused) {
        Optional<PauseDispatch.Pause> pause =
                paused.stream().filter(stop -> stop.holds(task.kind)).findFirst();
        if (pause.isPresent()) {
            String reason = pause.get().reason();
            return new Reason(
                    "dispatch is paused by " + pause.get().by() + " since "
                            + pause.get().since() + (reason.isEmpty() ? "" : ": " + reason),
                    "it goes on when dispatch is resumed");
        }
        if (!canDo(task, node)) {
            return new Reason(status(node), "it goes on when the node is back");
        }
        return task.notBefore.isAfter(clock.instant())
                ? new Reason(told(task), "it is looked at again", Optional.of(task.notBefore))
                : new Reason("its turn has not come", "it is given to a worker");
    }

    /** As the claim sees it. */
    private static boolean canDo(Task task, NodeView node) {
        return task.kind == TaskMessage.Kind.REPLICATE ? node.canTakeRepairs() : node.canDelete();
    }

    private Reason sent(Task task, Instant at) {
        return new Reason(
                "it waits for a worker since " + at,
                "a worker takes it; it is sent again when nothing was heard",
                Optional.of(at.plus(config.silence(task.resent))));
    }

    private Reason running(Task task) {
        long done = task.bytesDone == null ? 0 : task.bytesDone;
        long total = task.bytesTotal == null ? 0 : task.bytesTotal;
        long rate = task.bytesPerSecond == null ? 0 : task.bytesPerSecond;
        return new Reason(
                task.worker + " is at it: " + done + " of " + total + " bytes, " + rate + " bytes a second",
                "it is verified when the last byte has arrived",
                rate > 0 && total > 0
                        ? Optional.of(clock.instant().plusSeconds(Math.max(0, total - done) / rate))
                        : Optional.empty());
    }

    private static String status(NodeView node) {
        return "node " + node.name() + " is "
                + node.condition().status().name().toLowerCase(Locale.ROOT) + ", "
                + node.condition().adminState().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String told(Task task) {
        return String.valueOf(task.reason);
    }
}
