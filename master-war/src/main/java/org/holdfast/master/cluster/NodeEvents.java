package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Logger;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/** Writes down what happens to nodes, in the catalog and in the log, within the transaction that makes it happen. */
@ApplicationScoped
public class NodeEvents {
    private static final Logger LOG = Logger.getLogger(NodeEvents.class.getName());
    private static final int MAX_DETAIL = 1_000;
    private static final int TRIM = 1_000;

    /** How long what happened is kept for people to look at. */
    static final Duration KEPT = Duration.ofDays(90);

    @PersistenceContext
    EntityManager entities;

    @Inject
    Clock clock;

    /**
     * What happened to a node.
     *
     * @param kind STATUS, LATE, ADMIN, IDENTITY, CHECK or COPY
     * @param change state before and after, where it is a change of state
     * @param detail one sentence for people
     * @param accountId who wanted it; empty when the cluster did it by itself
     */
    public record Event(String kind, Optional<Change> change, String detail, Optional<Long> accountId) {
        /** An event that is no change of state and that nobody asked for. */
        public static Event of(String kind, String detail) {
            return new Event(kind, Optional.empty(), detail, Optional.empty());
        }
    }

    /** From one state to another. */
    public record Change(String was, String becomes) {}

    /** Writes down what happened to a node. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void node(NodeView node, Event event) {
        String change = event.change
                .map(states -> states.was + " -> " + states.becomes + ": ")
                .orElse("");
        LOG.info(() -> "node " + node.name() + ": " + change + event.detail);
        write(node.id(), event);
    }

    /** Forgets events that are older than 90 days, some at a time. To be called now and then by any master. */
    @Transactional
    public void trim() {
        entities.createNativeQuery("DELETE FROM node_event WHERE at < ? LIMIT " + TRIM)
                .setParameter(1, Rows.utc(clock.instant().minus(KEPT)))
                .executeUpdate();
    }

    /** Whether this has been written down since then. */
    @Transactional(Transactional.TxType.MANDATORY)
    public boolean isKnown(NodeView node, String kind, String detail, Instant since) {
        return !Rows.longs(entities.createNativeQuery(
                                "SELECT id FROM node_event WHERE node_id = ? AND kind = ? AND at > ? AND detail = ? LIMIT 1")
                        .setParameter(1, node.id())
                        .setParameter(2, kind)
                        .setParameter(3, Rows.utc(since))
                        .setParameter(4, cut(detail)))
                .isEmpty();
    }

    private static String cut(String detail) {
        return detail.length() <= MAX_DETAIL ? detail : detail.substring(0, MAX_DETAIL);
    }

    /** Writes down what concerns the cluster as a whole. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void cluster(String kind, String detail) {
        LOG.info(detail);
        write(null, Event.of(kind, detail));
    }

    private void write(@Nullable Long nodeId, Event event) {
        entities.createNativeQuery("INSERT INTO node_event (at, node_id, kind, was, becomes, detail, account_id)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)")
                .setParameter(1, Rows.utc(clock.instant()))
                .setParameter(2, nodeId)
                .setParameter(3, event.kind)
                .setParameter(4, event.change.map(Change::was).orElse(null))
                .setParameter(5, event.change.map(Change::becomes).orElse(null))
                .setParameter(6, cut(event.detail))
                .setParameter(7, event.accountId.orElse(null))
                .executeUpdate();
    }
}
