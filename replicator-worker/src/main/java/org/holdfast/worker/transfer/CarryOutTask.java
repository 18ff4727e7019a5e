package org.holdfast.worker.transfer;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.holdfast.contract.AskTime;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.ClusterClock;
import org.holdfast.contract.SecretKeys;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.Outcome.Condition;
import org.holdfast.contract.Outcome.Side;
import org.holdfast.contract.SignedCall;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.TicketSeal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does one attempt at a task of any kind. Thread-safe; every call ends with an outcome. */
public final class CarryOutTask {
    private static final Logger LOG = LoggerFactory.getLogger(CarryOutTask.class);

    private static final Set<Integer> NOT_NOW = Set.of(401, 403);

    private final SecretKeys keys;
    private final ClusterClock clock;
    private final AskTime time;
    private final CopyBlob copyBlob;
    private final DeleteBlob deleteBlob;
    private final VerifyBlob verifyBlob;

    public CarryOutTask(SecretKeys keys, ClusterClock clock, TransferConfig config) {
        this.keys = keys;
        this.clock = clock;
        this.time = new AskTime(clock);
        var calls = new ClusterCall(new SignedCall(keys, clock), config.connectTimeout());
        var address = new NodeAddress(new TicketSeal(keys, clock), clock, config.ticketLife());
        this.copyBlob = new CopyBlob(address, calls, config);
        this.deleteBlob = new DeleteBlob(calls, config);
        this.verifyBlob = new VerifyBlob(calls, config);
    }

    /** Never throws, so that no task can take its slot down. An aborted attempt ends in HANDED_BACK or CANCELLED. */
    public Outcome attempt(TaskMessage task, Transfer transfer) {
        if (transfer.isCancelled()) {
            return cancelled();
        }
        Outcome outcome = tried(task, transfer);
        if (clockWasWrong(outcome, task)) {
            LOG.warn("this machine's clock is wrong: the masters are ahead by {}", clock.ahead());
            outcome = tried(task, transfer);
        }
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

    /** Whether a refusal may have come of a wrong clock, which is right now. The nodes know the masters' time. */
    private boolean clockWasWrong(Outcome outcome, TaskMessage task) {
        if (outcome.condition() != Condition.HTTP || !NOT_NOW.contains(outcome.status())) {
            return false;
        }
        Duration before = clock.ahead();
        var members = Stream.concat(Stream.of(task.target()), task.source().stream())
                .map(TaskMessage.Member::url)
                .toList();
        return time.from(members, keys) && clock.ahead().minus(before).abs().compareTo(SignedCall.TOLERANCE) > 0;
    }

    private Outcome tried(TaskMessage task, Transfer transfer) {
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
