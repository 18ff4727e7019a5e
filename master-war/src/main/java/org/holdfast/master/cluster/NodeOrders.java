package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.database.Rows;

/** Writes down what a person wants of a node. */
@ApplicationScoped
public class NodeOrders {
    @PersistenceContext
    EntityManager entities;

    @Inject
    NodeEvents events;

    @Inject
    Clock clock;

    /** As {@link ChangeNode#change}. */
    @Transactional
    public void carryOut(String name, ChangeNode.Wish wish, long accountId) {
        StorageNode node = entities.createQuery("select n from StorageNode n where n.name = :name", StorageNode.class)
                .setParameter("name", name)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .filter(found -> found.adminState != AdminState.REMOVED)
                .findFirst()
                .orElseThrow(() -> HoldfastException.of(
                        FailureKind.NOT_FOUND, "not-found", "There is no storage node named " + name + "."));
        wish.terms().filter(terms -> !terms.equals(node.view().terms())).ifPresent(terms -> {
            node.heal = terms.heal().orElse(null);
            node.bandwidthBytes = terms.bandwidthBytesPerSecond().orElse(null);
            write(node, Optional.empty(), "ADMIN", sentence(terms), accountId);
        });
        wish.adminState().ifPresent(next -> become(node, next, wish.force(), accountId));
    }

    private static String sentence(NodeView.Terms terms) {
        return "Healing is "
                + terms.heal()
                        .map(heal -> heal.name().toLowerCase(java.util.Locale.ROOT))
                        .orElse("as configured")
                + ", copying is "
                + terms.bandwidthBytesPerSecond()
                        .map(bytes -> "bounded to " + bytes + " bytes per second.")
                        .orElse("not bounded.");
    }

    private void become(StorageNode node, AdminState next, boolean force, long accountId) {
        AdminState before = node.adminState;
        if (next != before) {
            if (!before.mayBecome(next)) {
                throw wrong(node.name + " is " + before.word() + " and can't become " + next.word() + " from there; "
                        + "take it offline first.");
            }
            long lost = next == AdminState.REMOVED ? copies(node) : 0;
            if (lost > 0 && !force) {
                throw wrong(node.name + " still holds " + lost + " copies; let it drain until it holds none,"
                        + " or give them up with force.");
            }
            node.adminState = next;
            node.adminSince = clock.instant();
            String detail = lost == 0 ? "As a person wants it." : "A person gave up the " + lost + " copies on it.";
            write(node, Optional.of(new NodeEvents.Change(before.name(), next.name())), "ADMIN", detail, accountId);
        }
        if (next.isWanted() && (!before.isWanted() || node.status == NodeStatus.FAILED)) {
            putBack(node, accountId);
        }
    }

    /** What it holds may have changed while it was not used. The leader sees the new status and lets it prove itself. */
    private void putBack(StorageNode node, long accountId) {
        NodeStatus before = node.status;
        if (!before.provesAfter(NodeStatus.Sign.PUT_BACK)) {
            return;
        }
        Instant now = clock.instant();
        node.provedBootId = null;
        if (before == NodeStatus.RUNNING) {
            node.awaySince = now;
        }
        NodeStatus after = before.after(NodeStatus.Sign.PUT_BACK);
        String why = "A person put it back.";
        node.turn(after, now, why);
        write(node, Optional.of(new NodeEvents.Change(before.name(), after.name())), "STATUS", why, accountId);
    }

    /** Those that somebody may miss. Rows of the room {@code replication}, which this one must not know. */
    private long copies(StorageNode node) {
        return Rows.longs(entities.createNativeQuery(
                                "SELECT COUNT(*) FROM replica WHERE node_id = ? AND state <> 'DELETING'")
                        .setParameter(1, node.id))
                .get(0);
    }

    private void write(
            StorageNode node, Optional<NodeEvents.Change> change, String kind, String detail, long accountId) {
        events.node(node.view(), new NodeEvents.Event(kind, change, detail, Optional.of(accountId)));
    }

    private static HoldfastException wrong(String sentence) {
        return HoldfastException.of(FailureKind.CONFLICT, "node-state", sentence);
    }
}
