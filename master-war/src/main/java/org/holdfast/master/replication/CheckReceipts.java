package org.holdfast.master.replication;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.logging.Logger;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.Receipts.Fact;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.TaskResult;
import org.holdfast.contract.Ticket;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;

/**
 * Believes a worker about a copy as far as the copy's node has said the same. What a worker may say by itself is that
 * something did not work, which is tried again. ADR 0057.
 */
@ApplicationScoped
public class CheckReceipts {
    private static final Logger LOG = Logger.getLogger(CheckReceipts.class.getName());

    @Inject
    MasterKeys keys;

    @Inject
    ClusterView cluster;

    /** The report, or one that says nothing but that the receipt is missing. */
    TaskResult check(Task task, TaskResult report) {
        Optional<Fact> claimed = claimed(task.kind, report.outcome());
        if (claimed.isEmpty() || isProven(task, report, claimed.get())) {
            return report;
        }
        // Without a word of the worker's: whose text it is, nobody knows.
        LOG.warning(() -> "a worker reports " + report.outcome().condition() + " of task " + task.id + " for "
                + task.path + ", and the node has not said so");
        return report.with(Outcome.of(
                Outcome.Condition.UNPROVEN,
                Outcome.Side.NONE,
                "the worker brought no receipt of the node: it is of another release, or says what is not true"));
    }

    /** What the catalog would take for true of the copy at the target. */
    static Optional<Fact> claimed(TaskMessage.Kind kind, Outcome outcome) {
        return switch (outcome.condition()) {
            case DONE, ALREADY -> Optional.of(kind == TaskMessage.Kind.DELETE ? Fact.GONE : Fact.HERE);
            case HTTP -> kind == TaskMessage.Kind.VERIFY ? disproved(outcome.status()) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Fact> disproved(int status) {
        return switch (status) {
            case 410 -> Optional.of(Fact.GONE);
            case 422 -> Optional.of(Fact.BAD);
            default -> Optional.empty();
        };
    }

    private boolean isProven(Task task, TaskResult report, Fact fact) {
        Optional<NodeView> node = cluster.byId(task.targetNodeId);
        Optional<String> receipt = report.outcome().receipt();
        var errand = new Ticket.Errand(task.id, report.attempt());
        return node.isPresent()
                && receipt.isPresent()
                && keys.ofNode(node.get().name(), node.get().diskUuid())
                        .receipts()
                        .prove(receipt.get(), errand, fact);
    }
}
