package org.holdfast.worker.transfer;

import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.Outcome.Condition;
import org.holdfast.contract.Outcome.Side;
import org.holdfast.contract.TaskMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does one attempt at a task of any kind. Thread-safe; every call ends with an outcome. */
public final class CarryOutTask {
    private static final Logger LOG = LoggerFactory.getLogger(CarryOutTask.class);

    private final CopyBlob copyBlob;
    private final DeleteBlob deleteBlob;
    private final VerifyBlob verifyBlob;

    /** A worker has no key: what it may do, the tickets say that a master has put into the task. */
    public CarryOutTask(TransferConfig config) {
        var calls = ClusterCall.unsigned(config.connectTimeout());
        this.copyBlob = new CopyBlob(calls, config);
        this.deleteBlob = new DeleteBlob(calls, config);
        this.verifyBlob = new VerifyBlob(calls, config);
    }

    /** Never throws, so that no task can take its slot down. An aborted attempt ends in HANDED_BACK or CANCELLED. */
    public Outcome attempt(TaskMessage task, Transfer transfer) {
        if (transfer.isCancelled()) {
            return cancelled();
        }
        Outcome outcome = tried(task, transfer);
        boolean finished = outcome.condition() == Condition.DONE || outcome.condition() == Condition.ALREADY;
        if (finished || !transfer.isAborted()) {
            return outcome;
        }
        return transfer.isCancelled()
                ? cancelled()
                : Outcome.of(Condition.HANDED_BACK, Side.NONE, "the worker was stopped");
    }

    private static Outcome cancelled() {
        return Outcome.of(Condition.CANCELLED, Side.NONE, "the task was cancelled");
    }

    private Outcome tried(TaskMessage task, Transfer transfer) {
        if (task.tickets().target().isEmpty()) {
            return Outcome.of(
                    Condition.TICKET_EXPIRED, Side.NONE, "the task was sent by an earlier release, without tickets");
        }
        try {
            return switch (task.kind()) {
                case REPLICATE ->
                    task.source().isPresent()
                            ? copyBlob.carryOut(task, task.source().get(), transfer)
                            : Outcome.of(Condition.UNKNOWN_MESSAGE, Side.NONE, "a replicate task names its source");
                case DELETE -> deleteBlob.carryOut(task);
                case VERIFY -> verifyBlob.carryOut(task);
            };
        } catch (PartnerFailure e) {
            return e.outcome();
        } catch (RuntimeException | Error e) {
            LOG.error("task {} failed in an unforeseen way", task.taskId(), e);
            return Outcome.of(Condition.WORKER_FAILED, Side.NONE, "the worker failed: " + e);
        }
    }
}
