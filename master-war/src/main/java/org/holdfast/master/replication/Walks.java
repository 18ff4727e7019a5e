package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.HealConfig;
import org.holdfast.master.cluster.Leadership;
import org.holdfast.master.cluster.NodeReturned;
import org.holdfast.master.cluster.NodeView;
import org.holdfast.master.database.Rows;

/** Which walks are due: begins them when nodes leave or return, ends them when there is nothing more to look for. */
@ApplicationScoped
public class Walks {
    private static final Logger LOG = Logger.getLogger(Walks.class.getName());

    private volatile boolean aNodeIsBack;

    @PersistenceContext
    EntityManager entities;

    @Inject
    ClusterView cluster;

    @Inject
    Leadership leadership;

    @Inject
    HealConfig config;

    @Inject
    Clock clock;

    /**
     * Name of a walk.
     *
     * @param kind what is looked through
     * @param subjectId node or namespace; 0 for all
     */
    public record Due(String kind, long subjectId) {
        Walk.Key key() {
            return new Walk.Key(Walk.Kind.valueOf(kind), subjectId);
        }
    }

    /**
     * How far a node's copies have been looked through.
     *
     * @param looked copies looked at in the present pass
     * @param planned copies planned elsewhere in the present pass
     * @param blocked copies that had no node to go to in the last whole pass, or in the present one
     */
    public record Progress(long looked, long planned, long blocked) {}

    /** The walks that have a page to look through now, the most important first. Leader only. */
    @Transactional
    public List<Due> due() {
        leadership.requireLeader();
        Instant now = clock.instant();
        List<Walk> walks =
                entities.createQuery("select w from Walk w", Walk.class).getResultList();
        if (aNodeIsBack) {
            aNodeIsBack = false;
            lookAgain(walks, now);
        }
        for (NodeView node : cluster.nodes()) {
            follow(node, find(walks, Walk.Kind.LEAVING, node.id()), now);
        }
        for (long removed : removedWithCopies()) {
            if (find(walks, Walk.Kind.LEAVING, removed).isEmpty()) {
                LOG.info("the copies on a removed node are given up");
                begin(Walk.Kind.LEAVING, removed, now);
            }
        }
        entities.flush();
        return entities.createQuery("select w from Walk w where w.nextAt <= :now", Walk.class)
                .setParameter("now", now)
                .getResultStream()
                .filter(walk -> walk.key.kind != Walk.Kind.LEAVING || isAway(walk.key.subjectId, now))
                .sorted(Comparator.comparing((Walk walk) -> walk.key.kind).thenComparing(walk -> walk.stage))
                .map(walk -> new Due(walk.key.kind.name(), walk.key.subjectId))
                .toList();
    }

    private void follow(NodeView node, Optional<Walk> leaving, Instant now) {
        boolean away = isAway(node.id(), now);
        if (away && leaving.isEmpty()) {
            LOG.info(() -> "the copies on " + node.name() + " are made elsewhere: it leaves, or was away for too long");
            begin(Walk.Kind.LEAVING, node.id(), now);
        } else if (!away && leaving.isPresent() && node.canRead()) {
            // While it still proves what it holds, nothing is begun and nothing is dropped.
            LOG.info(() -> node.name() + " is back: surplus copies are dropped");
            entities.remove(leaving.get());
            begin(Walk.Kind.RETURNED, node.id(), now);
        }
    }

    /** Nodes that were removed by force. What is lost stays, as the last trace of a file. */
    private List<Long> removedWithCopies() {
        return Rows.longs(entities.createNativeQuery("SELECT n.id FROM storage_node n WHERE n.admin_state = 'REMOVED'"
                + " AND EXISTS (SELECT 1 FROM replica r WHERE r.node_id = n.id AND r.state <> 'LOST')"));
    }

    /** A removed node is not in the cluster's picture any more. */
    private boolean isAway(long nodeId, Instant now) {
        return cluster.byId(nodeId)
                .map(node -> !node.holdsForGood(config.holdOff(), now))
                .orElse(true);
    }

    private static Optional<Walk> find(List<Walk> walks, Walk.Kind kind, long subject) {
        var key = new Walk.Key(kind, subject);
        return walks.stream().filter(walk -> walk.key.equals(key)).findFirst();
    }

    /** A namespace wants another number of copies: its files are looked through, from the beginning. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void namespaceChanged(long namespaceId) {
        begin(Walk.Kind.NAMESPACE, namespaceId, clock.instant());
    }

    /**
     * A node more may take copies that had no place: what waits for one is looked through at once. Only noted here, since
     * whoever tells it has more to tell to others, and must not fail.
     */
    public void onReturn(@Observes NodeReturned node) {
        aNodeIsBack = true;
    }

    private static void lookAgain(List<Walk> walks, Instant now) {
        walks.stream()
                .filter(walk -> walk.key.kind == Walk.Kind.ALL || walk.key.kind == Walk.Kind.LEAVING)
                .forEach(walk -> walk.restart(now));
    }

    private void begin(Walk.Kind kind, long subject, Instant now) {
        var key = new Walk.Key(kind, subject);
        Walk walk = entities.find(Walk.class, key);
        if (walk == null) {
            entities.persist(new Walk(key, now));
        } else {
            walk.restart(now);
        }
    }

    /** How far the copies of a leaving node have been looked through; empty when it does not leave. */
    @Transactional
    public Optional<Progress> leaving(long nodeId) {
        return Optional.ofNullable(entities.find(Walk.class, new Walk.Key(Walk.Kind.LEAVING, nodeId)))
                .map(walk -> new Progress(walk.looked, walk.planned, Math.max(walk.blocked, walk.withoutPlace)));
    }
}
