package org.holdfast.master.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.holdfast.contract.HoldfastException;
import org.holdfast.master.database.Contention;

/** Does what a person wants of a node. To be called without a transaction. */
@ApplicationScoped
public class ChangeNode {
    @Inject
    NodeOrders orders;

    @Inject
    RefreshView refreshView;

    /**
     * A person's wish; what is empty stays as it is.
     *
     * @param adminState what is wanted of the node
     * @param force removes it although it still holds copies
     * @param terms what is set for it
     */
    public record Wish(Optional<AdminState> adminState, boolean force, Optional<NodeView.Terms> terms) {}

    /**
     * Changes a node at once. Idempotent.
     *
     * @param accountId who wants it
     * @throws HoldfastException NOT_FOUND, or CONFLICT {@code node-state} when the one does not follow from the other,
     *     or when a node is to be removed that holds copies
     */
    public void change(String name, Wish wish, long accountId) {
        Contention.retryRun(() -> orders.carryOut(name, wish, accountId));
        refreshView.refresh();
    }
}
