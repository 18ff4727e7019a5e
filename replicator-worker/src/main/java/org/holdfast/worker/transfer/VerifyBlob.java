package org.holdfast.worker.transfer;

import static org.holdfast.worker.transfer.PartnerFailure.blaming;

import java.net.URI;
import java.util.Optional;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.Outcome.Condition;
import org.holdfast.contract.Outcome.Side;
import org.holdfast.contract.TaskMessage;

/** Has the target compute a blob's digests from its disk; 422 and 404 are what it answers of a bad or missing copy. */
final class VerifyBlob {
    private final ClusterCall calls;
    private final TransferConfig config;

    VerifyBlob(ClusterCall calls, TransferConfig config) {
        this.calls = calls;
        this.config = config;
    }

    Outcome carryOut(TaskMessage task) throws PartnerFailure {
        URI uri = NodeAddress.forUpkeep(task, "/verify");
        var answer = blaming(
                Side.TARGET,
                task.target(),
                Condition.TIMEOUT,
                () -> calls.send("POST", uri, Optional.empty(), config.verifyTimeout(task.blob())));
        if (answer.isSuccess()) {
            return Outcome.of(Condition.DONE, Side.NONE, "verified").with(answer.receipt());
        }
        throw PartnerFailure.of(Side.TARGET, task.target(), answer);
    }
}
