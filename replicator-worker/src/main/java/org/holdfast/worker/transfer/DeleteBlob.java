package org.holdfast.worker.transfer;

import static org.holdfast.worker.transfer.PartnerFailure.blaming;

import java.util.Optional;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.Outcome.Condition;
import org.holdfast.contract.Outcome.Side;
import org.holdfast.contract.TaskMessage;

/** Removes a blob from the target. Idempotent. */
final class DeleteBlob {
    private final ClusterCall calls;
    private final TransferConfig config;

    DeleteBlob(ClusterCall calls, TransferConfig config) {
        this.calls = calls;
        this.config = config;
    }

    Outcome carryOut(TaskMessage task) throws PartnerFailure {
        var answer = blaming(
                Side.TARGET,
                task.target(),
                Condition.TIMEOUT,
                () -> calls.send("DELETE", NodeAddress.forUpkeep(task, ""), Optional.empty(), config.stallTimeout()));
        return switch (answer.status()) {
            case 200, 204 -> Outcome.of(Condition.DONE, Side.NONE, "deleted").with(answer.receipt());
            case 404, 410 ->
                Outcome.of(Condition.ALREADY, Side.NONE, "the target does not have the blob")
                        .with(answer.receipt());
            default -> throw PartnerFailure.of(Side.TARGET, task.target(), answer);
        };
    }
}
