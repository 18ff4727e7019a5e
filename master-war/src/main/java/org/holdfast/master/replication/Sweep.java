package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Logger;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.Ulid;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeReturned;
import org.holdfast.master.database.Rows;
import org.holdfast.master.placement.Placement;
import org.holdfast.master.placement.PlacementPolicy;

/**
 * Derives the tasks that should be there from wanted copies minus verified copies, whatever was lost on the way: the
 * broker's journal, a worker's result, a master between two steps.
 */
@ApplicationScoped
public class Sweep {
    /** Blobs looked at in one step; a whole pass over a million blobs takes 200 steps. */
    static final int PAGE = 5_000;

    private static final int MAX_NEW_TASKS = 500;
    private static final int TRIM = 1_000;
    private static final Logger LOG = Logger.getLogger(Sweep.class.getName());

    /** States of copies that are good, or are made so by a task or by {@link #adoptOrphans}. */
    private static final String COUNTED = "('PLANNED', 'COPYING', 'VERIFIED', 'SUSPECT', 'CORRUPT', 'LOST')";

    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView cluster;

    @Inject
    ReplicationConfig config;

    @Inject
    Clock clock;

    /**
     * Makes tasks due again that were sent long ago and of which nothing was heard; the wait doubles each time, so that a
     * broker without workers is not filled with copies of the same tasks. Returns how many.
     */
    @Transactional
    public int resendSilent() {
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
        var orphans = Rows.of(entities.createNativeQuery("SELECT r.blob_id, r.node_id,"
                        + " (SELECT CONCAT_WS('/', n.name, NULLIF(d.path, ''), f.name) FROM file_version v"
                        + "  JOIN file f ON f.id = v.file_id JOIN folder d ON d.id = f.folder_id"
                        + "  JOIN namespace n ON n.id = d.namespace_id WHERE v.blob_id = r.blob_id) AS path,"
                        + " r.state FROM replica r"
                        + " WHERE r.state IN ('PLANNED', 'COPYING', 'SUSPECT', 'CORRUPT', 'LOST', 'DELETING') AND r.changed_at < ?"
                        + " AND NOT EXISTS (SELECT 1 FROM task t WHERE t.blob_id = r.blob_id"
                        + "  AND t.target_node_id = r.node_id AND t.state IN ('QUEUED', 'RUNNING', 'WAITING', 'DEAD',"
                        + "  'DISMISSED'))"
                        + " LIMIT " + MAX_NEW_TASKS)
                .setParameter(1, Rows.utc(clock.instant().minus(config.resendAfter()))));
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
     * Plans copies that are wanted and not even planned: there were too few nodes, or a copy was lost.
     *
     * @param after blob id behind which to look; the empty text for the beginning
     * @return the blob id at which the next step goes on, or the empty text when this was the last page
     */
    @Transactional
    public String planMissing(String after) {
        List<String> last = Rows.texts(
                entities.createNativeQuery("SELECT id FROM blob_ WHERE id > ? ORDER BY id LIMIT 1 OFFSET " + (PAGE - 1))
                        .setParameter(1, after));
        String end = last.isEmpty() ? "ZZZZZZZZZZZZZZZZZZZZZZZZZZ" : last.get(0);
        var missing = Rows.of(entities.createNativeQuery("SELECT v.blob_id, b.size, n.replica_count + 1 AS wanted,"
                        + " n.placement, CONCAT_WS('/', n.name, NULLIF(d.path, ''), f.name) AS path,"
                        + " COALESCE(SUM(r.state IN " + COUNTED + "), 0) AS counted,"
                        + " COALESCE(SUM(r.state = 'VERIFIED'), 0) AS verified,"
                        + " COALESCE(MAX(r.priority), 0) AS priority"
                        + " FROM blob_ b JOIN file_version v ON v.blob_id = b.id JOIN file f ON f.version_id = v.id"
                        + " JOIN folder d ON d.id = f.folder_id JOIN namespace n ON n.id = d.namespace_id"
                        + " LEFT JOIN replica r ON r.blob_id = b.id"
                        + " WHERE b.id > ? AND b.id <= ?"
                        + " GROUP BY v.blob_id, b.size, n.replica_count, n.placement, n.name, d.path, f.name"
                        + " HAVING counted < wanted AND verified > 0 LIMIT " + MAX_NEW_TASKS)
                .setParameter(1, after)
                .setParameter(2, end));
        int planned = 0;
        for (var row : missing) {
            planned += plan(row);
        }
        if (planned > 0) {
            int count = planned;
            LOG.info(() -> "planned " + count + " missing copies");
        }
        return last.isEmpty() ? "" : end;
    }

    /**
     * Forgets tasks that were finished long ago, with their attempts. Dead ones stay until a person has handled them, and
     * dismissed ones for as long as the copy that they could not make is wanted. Returns how many tasks went.
     */
    @Transactional
    public int trimHistory() {
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

    private int plan(@org.jspecify.annotations.Nullable Object[] row) {
        String blobId = Rows.text(row[0]);
        Set<String> holders = new HashSet<>();
        Set<String> zones = new HashSet<>();
        Rows.longs(entities.createNativeQuery("SELECT node_id FROM replica WHERE blob_id = ?")
                        .setParameter(1, blobId))
                .forEach(id -> cluster.byId(id).ifPresent(node -> {
                    holders.add(node.name());
                    zones.add(node.zone());
                }));
        List<String> targets = Placement.replicas(
                PlacementPolicy.valueOf(Rows.text(row[3])),
                Rows.text(row[4]),
                cluster.candidates(holders),
                holders,
                zones,
                (int) (Rows.number(row[2]) - Rows.number(row[5])),
                Rows.number(row[1]),
                ThreadLocalRandom.current());
        Instant now = clock.instant();
        int priority = (int) Rows.number(row[7]);
        Urgency urgency = Rows.number(row[6]) == 1 ? Urgency.URGENT : Urgency.NORMAL;
        for (String target : targets) {
            priority++;
            long nodeId = cluster.require(target).id();
            entities.persist(Replica.planned(blobId, nodeId, priority, now));
            enqueue(TaskMessage.Kind.REPLICATE, urgency, blobId, nodeId, Rows.text(row[4]));
        }
        return targets.size();
    }

    private void enqueue(TaskMessage.Kind kind, Urgency urgency, String blobId, long nodeId, String path) {
        Instant now = clock.instant();
        entities.persist(new Task(Ulid.next(clock), new Task.Subject(kind, urgency, blobId, nodeId, path), now, now));
    }
}
