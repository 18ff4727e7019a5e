package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Digests;
import org.holdfast.contract.FileAddress;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.Ticket;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.cluster.SealTickets;
import org.holdfast.master.database.Rows;

/**
 * Takes tasks that are due out of the outbox. Any number of masters may do so at once: rows that another one has locked
 * are skipped.
 *
 * <p>At most {@link #MAX_IN_FLIGHT} tasks are with the broker at a time, whoever sent them, so that its queues stay short, urgent tasks
 * overtake, and sending again what was lost is cheap. Tasks for nodes that can't do them now stay here and cost no
 * attempt.
 */
@ApplicationScoped
public class ClaimDueTasks {
    static final int MAX_IN_FLIGHT = 2_000;
    static final int BATCH = 200;
    private static final String UNNAMED_TYPE = "application/octet-stream";
    /** How early a task is given to the broker, which delivers it when it is due. */
    static final Duration AHEAD = Duration.ofSeconds(2);
    /** Longer than what is silent waits to be sent again, which is with new tickets. */
    private static final Duration TICKET_LIFE = Duration.ofHours(1);

    /** When to look again at a task that has no readable source. */
    private static final Duration NO_SOURCE = Duration.ofSeconds(5);

    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView cluster;

    @Inject
    SpareCopies spareCopies;

    @Inject
    NodesThatCount nodes;

    @Inject
    SealTickets seal;

    @Inject
    Clock clock;

    /**
     * A task on its way to the broker.
     *
     * @param message its text
     * @param urgency its queue
     * @param delay how long the broker keeps it back
     * @param resent how often this attempt was sent before and nothing was heard; the broker drops a second sending with
     *     the same number
     */
    public record Claimed(TaskMessage message, Urgency urgency, Duration delay, int resent) {}

    /** Up to {@link #BATCH} tasks, most urgent first, marked as sent. Whoever claims sends them, or {@link #release}s them. */
    @Transactional
    public List<Claimed> claim() {
        Instant now = clock.instant();
        if (!isAnyDue(now)) {
            return List.of();
        }
        takeTurn();
        long inFlight = entities.createQuery(
                        "select count(t) from Task t where t.state in :open and t.sentAt is not null", Long.class)
                .setParameter("open", List.of(TaskState.QUEUED, TaskState.RUNNING))
                .getSingleResult();
        int room = (int) Math.min(BATCH, MAX_IN_FLIGHT - inFlight);
        if (room <= 0) {
            return List.of();
        }
        List<Task> due = new ArrayList<>(due(TaskState.QUEUED, now, room));
        if (due.size() < room) {
            due.addAll(due(TaskState.WAITING, now, room - due.size()));
        }
        return due.isEmpty() ? List.of() : send(due, now);
    }

    /** Gives tasks back that could not be sent. */
    @Transactional
    public void release(Collection<String> taskIds) {
        if (!taskIds.isEmpty()) {
            entities.createQuery("update Task t set t.sentAt = null where t.id in :ids")
                    .setParameter("ids", taskIds)
                    .executeUpdate();
        }
    }

    /** A look without a lock: an idle master keeps nobody waiting. */
    private boolean isAnyDue(Instant now) {
        return !Rows.longs(entities.createNativeQuery("SELECT 1 FROM task WHERE state IN ('QUEUED', 'WAITING')"
                                + " AND sent_at IS NULL AND not_before <= ? LIMIT 1")
                        .setParameter(1, Rows.utc(now.plus(AHEAD))))
                .isEmpty();
    }

    /** Masters count and claim one after the other; otherwise each would fill the same room. */
    private void takeTurn() {
        var unused =
                Rows.longs(entities.createNativeQuery("SELECT token FROM lease WHERE name = 'dispatch' FOR UPDATE"));
    }

    private List<Task> due(TaskState state, Instant now, int most) {
        String taking = nodes.with(NodeView::canTakeNew);
        String repairable = nodes.with(NodeView::canTakeRepairs);
        String reachable = nodes.with(NodeView::canDelete);
        List<String> found = Rows.texts(entities.createNativeQuery("SELECT id FROM task"
                        + " WHERE state = ? AND sent_at IS NULL AND not_before <= ?"
                        + " AND (kind <> 'REPLICATE' AND target_node_id IN (" + reachable + ")"
                        + " OR kind = 'REPLICATE' AND target_node_id IN (" + taking + ")"
                        // What a returning node should hold and does not is written to it while it proves itself.
                        + " OR kind = 'REPLICATE' AND target_node_id IN (" + repairable + ") AND EXISTS (SELECT 1"
                        + " FROM replica r WHERE r.blob_id = task.blob_id AND r.node_id = task.target_node_id"
                        + " AND r.state IN ('CORRUPT', 'LOST')))"
                        + " AND NOT EXISTS (SELECT 1 FROM task_pause p WHERE p.kind IN ('ALL', task.kind))"
                        + " ORDER BY urgency, not_before LIMIT ? FOR UPDATE SKIP LOCKED")
                .setParameter(1, state.name())
                .setParameter(2, Rows.utc(now.plus(AHEAD)))
                .setParameter(3, most));
        return found.isEmpty()
                ? List.of()
                : entities.createQuery(
                                "select t from Task t where t.id in :ids order by t.urgency, t.notBefore", Task.class)
                        .setParameter("ids", found)
                        .getResultList();
    }

    private List<Claimed> send(List<Task> chosen, Instant now) {
        List<Task> due = spareCopies.spare(chosen);
        if (due.isEmpty()) {
            return List.of();
        }
        List<String> blobIds = due.stream().map(task -> task.blobId).distinct().toList();
        Map<String, Blob> blobs = new HashMap<>();
        entities.createQuery("select b from Blob b where b.id in :ids", Blob.class)
                .setParameter("ids", blobIds)
                .getResultList()
                .forEach(blob -> blobs.put(blob.id, blob));
        Map<String, List<NodeView>> holders = holders(blobIds);
        List<Claimed> claimed = new ArrayList<>();
        for (Task task : due) {
            Blob blob = blobs.get(task.blobId);
            if (blob == null && task.kind != TaskMessage.Kind.DELETE) {
                task.end(TaskState.CANCELLED, "the blob is gone", now);
            } else {
                // A copy may land after the catalog has forgotten its blob; to remove it, the id is enough.
                BlobFacts facts = blob == null ? new BlobFacts(new BlobId(task.blobId), 0, Digests.NONE) : blob.facts();
                claim(task, facts, holders.getOrDefault(task.blobId, List.of()), now)
                        .ifPresent(claimed::add);
            }
        }
        return claimed;
    }

    private Optional<Claimed> claim(Task task, BlobFacts blob, List<NodeView> holders, Instant now) {
        Optional<NodeView> source = Optional.empty();
        if (task.kind == TaskMessage.Kind.REPLICATE) {
            List<NodeView> others = holders.stream()
                    .filter(node -> node.id() != task.targetNodeId)
                    .toList();
            if (others.isEmpty()) {
                task.notBefore = now.plus(NO_SOURCE);
                task.reason = "no node with a verified copy can be read now";
                return Optional.empty();
            }
            source = Optional.of(others.get(ThreadLocalRandom.current().nextInt(others.size())));
            task.sourceNodeId = source.get().id();
        }
        task.state = TaskState.QUEUED;
        task.sentAt = now;
        task.changedAt = now;
        NodeView target = cluster.byId(task.targetNodeId).orElseThrow();
        FileAddress address = address(task.path);
        Instant end = now.plus(TICKET_LIFE);
        var tickets = new TaskMessage.Tickets(
                source.map(node -> ticket(Ticket.Operation.COPY, blob, address, end, node, Optional.empty()))
                        .orElse(""),
                ticket(
                        atTarget(task.kind),
                        blob,
                        address,
                        end,
                        target,
                        Optional.of(new Ticket.Errand(task.id, task.attempt))));
        var message = new TaskMessage(
                task.id,
                task.attempt,
                task.kind,
                blob,
                address,
                source.map(NodeView::member),
                target.member(),
                tickets);
        Duration wait = Duration.between(now, task.notBefore);
        return Optional.of(new Claimed(
                message, Urgency.ofColumn(task.urgency), wait.isNegative() ? Duration.ZERO : wait, task.resent));
    }

    private String ticket(
            Ticket.Operation operation,
            BlobFacts blob,
            FileAddress address,
            Instant end,
            NodeView node,
            Optional<Ticket.Errand> errand) {
        return seal.seal(new Ticket(operation, blob, address, UNNAMED_TYPE, end, Optional.empty(), errand), node);
    }

    private static Ticket.Operation atTarget(TaskMessage.Kind kind) {
        return switch (kind) {
            case REPLICATE -> Ticket.Operation.REPLICATE;
            case DELETE -> Ticket.Operation.DELETE;
            case VERIFY -> Ticket.Operation.VERIFY;
        };
    }

    private Map<String, List<NodeView>> holders(List<String> blobIds) {
        Map<String, List<NodeView>> holders = new HashMap<>();
        entities.createQuery(
                        "select r from Replica r where r.key.blobId in :ids and r.state = :verified", Replica.class)
                .setParameter("ids", blobIds)
                .setParameter("verified", ReplicaState.VERIFIED)
                .getResultList()
                .forEach(replica -> cluster.byId(replica.key.nodeId)
                        .filter(NodeView::canBeSource)
                        .ifPresent(node -> holders.computeIfAbsent(replica.key.blobId, id -> new ArrayList<>())
                                .add(node)));
        return holders;
    }

    private static FileAddress address(String path) {
        int slash = path.indexOf('/');
        return new FileAddress(path.substring(0, slash), path.substring(slash + 1));
    }
}
