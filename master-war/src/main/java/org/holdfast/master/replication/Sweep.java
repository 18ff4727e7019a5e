package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.Ulid;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeReturned;
import org.holdfast.master.database.Rows;

/**
 * Derives the tasks that should be there from the copies that should be, whatever was lost on the way: the broker's
 * journal, a worker's result, a master between two steps. Leader only. Which copies should be, {@link MendCopies} decides.
 */
@ApplicationScoped
public class Sweep {
    private static final int MAX_NEW_TASKS = 500;
    private static final int TRIM = 1_000;

    @PersistenceContext
    EntityManager entities;

    @Inject
    ReplicationConfig config;

    @Inject
    Leadership leadership;

    @Inject
    NodesThatCount nodes;

    @Inject
    Clock clock;

    /**
     * Makes tasks due again that were sent long ago and of which nothing was heard; the wait doubles each time, so that a
     * broker without workers is not filled with copies of the same tasks. Returns how many.
     */
    @Transactional
    public int resendSilent() {
        leadership.requireLeader();
        Instant now = clock.instant();
        var silence = Rows.utc(now.minus(config.resendAfter()));
        return entities.createNativeQuery("UPDATE task SET sent_at = NULL, state = 'QUEUED', resent = resent + 1"
                        + " WHERE state IN ('QUEUED', 'RUNNING') AND sent_at < ? AND changed_at < ? AND not_before < ?"
                        + " AND sent_at < ? - INTERVAL ? * POW(2, LEAST(resent, " + ReplicationConfig.MAX_DOUBLINGS
                        + ")) SECOND")
                .setParameter(1, silence)
                .setParameter(2, silence)
                .setParameter(3, silence)
                .setParameter(4, Rows.utc(now))
                .setParameter(5, config.resendAfter().toMillis() / 1000.0)
                .executeUpdate();
    }

    /**
     * Makes tasks for copies that should be made, verified, made again or removed and have none. A dead task counts as
     * one: it waits for a person; so does a dismissed one. Returns how many were made.
     */
    @Transactional
    public int adoptOrphans() {
        leadership.requireLeader();
        Instant now = clock.instant();
        // What lies on a node that leaves is made again elsewhere, not there.
        String holding = nodes.holding(now);
        var orphans = Rows.of(entities.createNativeQuery("SELECT r.blob_id, r.node_id,"
                        + " (SELECT CONCAT_WS('/', n.name, NULLIF(d.path, ''), f.name) FROM file_version v"
                        + "  JOIN file f ON f.id = v.file_id JOIN folder d ON d.id = f.folder_id"
                        + "  JOIN namespace n ON n.id = d.namespace_id WHERE v.blob_id = r.blob_id) AS path,"
                        + " r.state FROM replica r"
                        + " WHERE r.state IN ('PLANNED', 'COPYING', 'SUSPECT', 'CORRUPT', 'LOST', 'DELETING') AND r.changed_at < ?"
                        + " AND (r.state = 'DELETING' OR r.node_id IN (" + holding + "))"
                        + " AND NOT EXISTS (SELECT 1 FROM task t WHERE t.blob_id = r.blob_id"
                        + "  AND t.target_node_id = r.node_id AND t.state IN ('QUEUED', 'RUNNING', 'WAITING', 'DEAD',"
                        + "  'DISMISSED'))"
                        + " LIMIT " + MAX_NEW_TASKS)
                .setParameter(1, Rows.utc(now.minus(config.resendAfter()))));
        for (var row : orphans) {
            ReplicaState state = ReplicaState.valueOf(Rows.text(row[3]));
            TaskMessage.Kind kind = switch (state) {
                case DELETING -> TaskMessage.Kind.DELETE;
                case SUSPECT -> TaskMessage.Kind.VERIFY;
                case PLANNED, COPYING, VERIFIED, CORRUPT, LOST -> TaskMessage.Kind.REPLICATE;
            };
            String path = row[2] == null ? "unknown/unknown" : Rows.text(row[2]);
            enqueue(kind, Urgency.NORMAL, Rows.text(row[0]), Rows.number(row[1]), path);
        }
        return orphans.size();
    }

    /**
     * Forgets tasks that were finished long ago, with their attempts. Dead ones stay until a person has handled them, and
     * dismissed ones for as long as the copy that they could not make is wanted. For the leader. Returns how many tasks
     * went.
     */
    @Transactional
    public int trimHistory() {
        leadership.requireLeader();
        return entities.createNativeQuery("DELETE FROM task WHERE state IN ('DONE', 'CANCELLED', 'DISMISSED')"
                        + " AND changed_at < ? AND (state <> 'DISMISSED' OR NOT EXISTS (SELECT 1 FROM replica r"
                        + "  WHERE r.blob_id = task.blob_id AND r.node_id = task.target_node_id"
                        + "  AND r.state <> 'VERIFIED')) LIMIT " + TRIM)
                .setParameter(1, Rows.utc(clock.instant().minus(config.historyLife())))
                .executeUpdate();
    }

    /** Tasks that waited for a node are due when it is back. */
    @Transactional
    public void onReturn(@Observes NodeReturned node) {
        entities.createQuery("update Task t set t.notBefore = :now, t.state = :queued"
                        + " where t.targetNodeId = :node and t.state = :waiting and t.sentAt is null")
                .setParameter("now", clock.instant())
                .setParameter("queued", TaskState.QUEUED)
                .setParameter("node", node.nodeId())
                .setParameter("waiting", TaskState.WAITING)
                .executeUpdate();
    }

    private void enqueue(TaskMessage.Kind kind, Urgency urgency, String blobId, long nodeId, String path) {
        Instant now = clock.instant();
        entities.persist(new Task(Ulid.next(clock), new Task.Subject(kind, urgency, blobId, nodeId, path), now, now));
    }
}
