package org.holdfast.master.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.holdfast.master.replication.BrokerConfig;
import org.holdfast.master.replication.BrokerLink;
import org.holdfast.master.replication.ClaimDueTasks;
import org.holdfast.master.replication.TasksDue;
import org.jspecify.annotations.Nullable;

/** Sends due tasks from the outbox to the broker: at once after a commit that made some, otherwise four times a second. */
@ApplicationScoped
public class Dispatch {
    private static final long IDLE_MILLIS = 250;

    private final Semaphore due = new Semaphore(0);
    private @Nullable BrokerLink link;

    @Inject
    ClaimDueTasks claimDueTasks;

    @Inject
    BrokerConfig config;

    /** Whether the broker answered when it was last needed; for the health check. */
    private volatile boolean connected;

    Loop loop() {
        return new Loop("task dispatch", Duration.ZERO, this::step, this::drop);
    }

    boolean isConnected() {
        return connected;
    }

    /** Wakes the loop when tasks have become due. */
    public void onTasksDue(@Observes(during = TransactionPhase.AFTER_SUCCESS) TasksDue event) {
        due.release();
    }

    private void step() throws JMSException, InterruptedException {
        BrokerLink broker = link();
        List<ClaimDueTasks.Claimed> claimed = claimDueTasks.claim();
        if (claimed.isEmpty()) {
            var unused = due.tryAcquire(IDLE_MILLIS, TimeUnit.MILLISECONDS);
            due.drainPermits();
            return;
        }
        Set<String> confirmed = Set.of();
        try {
            confirmed = broker.send(claimed);
        } catch (JMSException e) {
            drop();
            throw e;
        } finally {
            release(claimed, confirmed);
        }
    }

    private void release(List<ClaimDueTasks.Claimed> claimed, Set<String> confirmed) {
        List<String> unsent = new ArrayList<>();
        for (ClaimDueTasks.Claimed task : claimed) {
            if (!confirmed.contains(task.message().taskId())) {
                unsent.add(task.message().taskId());
            }
        }
        if (!unsent.isEmpty()) {
            claimDueTasks.release(unsent);
            drop();
        }
    }

    private BrokerLink link() throws JMSException {
        BrokerLink current = link;
        if (current == null) {
            connected = false;
            current = new BrokerLink(config);
            link = current;
            connected = true;
        }
        return current;
    }

    private void drop() {
        BrokerLink broken = link;
        link = null;
        connected = false;
        if (broken != null) {
            broken.close();
        }
    }
}
