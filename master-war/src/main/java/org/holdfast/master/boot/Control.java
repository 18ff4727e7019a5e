package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.holdfast.contract.CancelMessage;
import org.holdfast.contract.RemovedMembers;
import org.holdfast.contract.TaskQueues;
import org.holdfast.master.cluster.Removals;
import org.holdfast.master.replication.BrokerConfig;
import org.holdfast.master.replication.BrokerLink;
import org.holdfast.master.replication.TaskCancelled;
import org.jspecify.annotations.Nullable;

/**
 * Tells workers what can't wait for a result: that an attempt is cancelled; and the broker which members were removed. The
 * request that cancels never waits for the
 * broker; when the broker is away for long, the oldest orders are given up, and the workers finish what they do in vain.
 */
@ApplicationScoped
public class Control {
    private static final int MAX_WAITING = 1_000;
    private static final long IDLE_SECONDS = 1;

    private final BlockingQueue<CancelMessage> orders = new ArrayBlockingQueue<>(MAX_WAITING);
    private @Nullable BrokerLink link;

    @Inject
    BrokerConfig config;

    @Inject
    Removals removals;

    Loop loop() {
        return new Loop("control", Duration.ZERO, this::step, this::drop);
    }

    /** Has the workers told once the cancelling has committed. */
    public void onCancelled(@Observes(during = TransactionPhase.AFTER_SUCCESS) TaskCancelled event) {
        var order = new CancelMessage(event.taskId(), event.attempt());
        while (!orders.offer(order)) {
            var unused = orders.poll();
        }
    }

    private void step() throws JMSException, InterruptedException {
        CancelMessage order = orders.poll(IDLE_SECONDS, TimeUnit.SECONDS);
        if (order == null) {
            tellRemoved();
            return;
        }
        try {
            link().tell(TaskQueues.CONTROL, order.toJson().toString());
        } catch (JMSException e) {
            drop();
            // Behind those that came meanwhile, which changes nothing: orders are about different attempts.
            var unused = orders.offer(order);
            throw e;
        }
    }

    /** Again and again: a broker that was started anew has heard nothing. */
    private void tellRemoved() throws JMSException {
        RemovedMembers removed = removals.known();
        if (!removed.since().isEmpty()) {
            link().tell(TaskQueues.MEMBERS, removed.toJson().toString());
        }
    }

    private BrokerLink link() throws JMSException {
        BrokerLink current = link;
        if (current == null) {
            current = new BrokerLink(config);
            link = current;
        }
        return current;
    }

    private void drop() {
        BrokerLink broken = link;
        link = null;
        if (broken != null) {
            broken.close();
        }
    }
}
