package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.holdfast.master.database.Rows;
import org.jspecify.annotations.Nullable;

/** Shows what has happened to the nodes. */
@ApplicationScoped
public class ListEvents {
    @PersistenceContext
    EntityManager entities;

    /**
     * One event.
     *
     * @param id grows with time
     * @param at when
     * @param node name of the node; empty when it concerns the whole cluster
     * @param what what happened
     * @param account who wanted it; empty when the cluster did it by itself
     */
    public record EventView(
            long id, Instant at, Optional<String> node, NodeEvents.Event what, Optional<String> account) {}

    /**
     * Events in the order in which they happened.
     *
     * @param node only those of the node with this name, removed ones included
     * @param after only those behind this id; empty: the newest
     */
    @Transactional
    public List<EventView> list(Optional<String> node, Optional<Long> after, int limit) {
        var query = entities.createNativeQuery("SELECT e.id, e.at, n.name AS node, e.kind, e.was, e.becomes, e.detail,"
                        + " a.name AS account FROM node_event e LEFT JOIN storage_node n ON n.id = e.node_id"
                        + " LEFT JOIN account a ON a.id = e.account_id WHERE e.id > ?"
                        + (node.isPresent() ? " AND n.name = ?" : "")
                        + " ORDER BY e.id " + (after.isPresent() ? "" : "DESC"))
                .setParameter(1, after.orElse(0L));
        node.ifPresent(name -> query.setParameter(2, name));
        List<EventView> events = new ArrayList<>(Rows.of(query.setMaxResults(limit)).stream()
                .map(ListEvents::event)
                .toList());
        if (after.isEmpty()) {
            Collections.reverse(events);
        }
        return events;
    }

    private static EventView event(@Nullable Object[] row) {
        Optional<NodeEvents.Change> change = row[5] == null
                ? Optional.empty()
                : Optional.of(new NodeEvents.Change(Rows.text(row[4]), Rows.text(row[5])));
        return new EventView(
                Rows.number(row[0]),
                Rows.instant(row[1]).orElseThrow(),
                Optional.ofNullable(Rows.textOrNull(row[2])),
                new NodeEvents.Event(Rows.text(row[3]), change, Rows.text(row[6]), Optional.empty()),
                Optional.ofNullable(Rows.textOrNull(row[7])));
    }
}
