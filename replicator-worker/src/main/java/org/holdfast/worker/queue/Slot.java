package org.holdfast.worker.queue;

import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.Outcome.Condition;
import org.holdfast.contract.Outcome.Side;
import org.holdfast.contract.TaskQueues;
import org.holdfast.contract.TaskResult;
import org.holdfast.worker.transfer.CarryOutTask;
import org.holdfast.worker.transfer.Transfer;
import org.holdfast.worker.transfer.TransferBoard;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One task at a time: takes the most urgent one, does it, sends the result and commits. Receipt and result are one
 * transaction, so a worker that dies at any point leaves either the task in its queue or the result in its own.
 *
 * <p>{@link #run} returns after {@link #stop}; nothing else ends it.
 */
public final class Slot implements Runnable {
    /** Longest wait in the middle queue: by how much an urgent task may be late at an idle worker. */
    private static final Duration POLL = Duration.ofMillis(200);

    private static final Duration RECONNECT_PAUSE = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(Slot.class);

    private final String worker;
    private final Clock clock;
    private final Broker broker;
    private final CarryOutTask carryOutTask;
    private final TransferBoard board;
    private final SlotEvents events;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<@Nullable Connection> connection = new AtomicReference<>();
    private volatile boolean connected;

    public Slot(
            String worker,
            Clock clock,
            Broker broker,
            CarryOutTask carryOutTask,
            TransferBoard board,
            SlotEvents events) {
        this.worker = worker;
        this.clock = clock;
        this.broker = broker;
        this.carryOutTask = carryOutTask;
        this.board = board;
        this.events = events;
    }

    @Override
    public void run() {
        boolean troubleTold = false;
        while (!isStopping()) {
            try (Connection fresh = broker.connect()) {
                connection.set(fresh);
                troubleTold = false;
                serve(fresh);
            } catch (JMSException | RuntimeException e) {
                if (!troubleTold && !isStopping()) {
                    LOG.warn("the broker at {} can't be used, trying on: {}", broker.url(), e.getMessage());
                    LOG.debug("broker trouble", e);
                    troubleTold = true;
                }
            } finally {
                connected = false;
                connection.set(null);
            }
            pause();
        }
    }

    /** Takes no further task; the one in hand goes on. */
    public void stop() {
        stopped.countDown();
    }

    /** Cuts the broker's line, which hands a task in hand back at once. For a slot that did not end in its time. */
    public void cut() {
        Connection held = connection.get();
        if (held != null) {
            try {
                held.close();
            } catch (JMSException e) {
                LOG.debug("the connection was broken already", e);
            }
        }
    }

    public boolean isConnected() {
        return connected;
    }

    private void serve(Connection fresh) throws JMSException {
        try (Session session = fresh.createSession(true, Session.SESSION_TRANSACTED)) {
            var queues = new ArrayList<MessageConsumer>();
            for (String name : TaskQueues.TASKS) {
                queues.add(session.createConsumer(session.createQueue(name)));
            }
            MessageProducer results = session.createProducer(session.createQueue(TaskQueues.RESULTS));
            fresh.start();
            connected = true;
            LOG.info("connected to the broker at {}", broker.url());
            while (!isStopping()) {
                Message message = next(queues);
                if (message != null) {
                    handle(session, results, message);
                }
            }
        }
    }

    /** The most urgent message there is; null after a while without one. */
    private static @Nullable Message next(List<MessageConsumer> queues) throws JMSException {
        for (MessageConsumer queue : queues) {
            Message message = queue.receiveNoWait();
            if (message != null) {
                return message;
            }
        }
        return queues.get(TaskQueues.TASKS.indexOf(TaskQueues.NORMAL)).receive(POLL.toMillis());
    }

    private void handle(Session session, MessageProducer results, Message message) throws JMSException {
        ReadTask.Reading reading = ReadTask.read(message);
        if (isStopping()) {
            session.rollback();
            return;
        }
        if (reading.taskId().isEmpty()) {
            LOG.error("a message that is no task was taken out of {}", message.getJMSDestination());
            session.commit();
            return;
        }
        Transfer transfer = board.put(
                reading.taskId().get(),
                reading.attempt(),
                reading.task().map(task -> task.blob().sizeBytes()).orElse(BlobFacts.UNKNOWN_SIZE));
        try {
            Outcome outcome = reading.task()
                    .map(task -> carryOutTask.attempt(task, transfer))
                    .orElseGet(() -> Outcome.of(
                            Condition.UNKNOWN_MESSAGE, Side.NONE, "this worker does not know this kind of task"));
            if (outcome.condition() == Condition.HANDED_BACK) {
                session.rollback();
                LOG.info("task {} handed back", transfer.taskId());
                events.handedBack();
            } else {
                report(session, results, reading, transfer, outcome);
            }
        } finally {
            board.take(transfer);
        }
    }

    private void report(
            Session session, MessageProducer results, ReadTask.Reading reading, Transfer transfer, Outcome outcome)
            throws JMSException {
        Instant endedAt = clock.instant();
        var result = new TaskResult(
                transfer.taskId(),
                transfer.attempt(),
                worker,
                outcome,
                transfer.movedBytes(),
                transfer.startedAt(),
                endedAt);
        results.send(
                session.createTextMessage(result.toJson().toString()),
                DeliveryMode.PERSISTENT,
                Message.DEFAULT_PRIORITY,
                Message.DEFAULT_TIME_TO_LIVE);
        session.commit();
        String kind = reading.task()
                .map(task -> task.kind().name().toLowerCase(Locale.ROOT))
                .orElse("unknown");
        LOG.info(
                "task {} attempt {}: {} {}, {} ({} bytes, {} ms)",
                transfer.taskId(),
                transfer.attempt(),
                kind,
                outcome.condition(),
                outcome.detail(),
                transfer.movedBytes(),
                Duration.between(transfer.startedAt(), endedAt).toMillis());
        events.reported(kind, outcome, transfer.movedBytes());
    }

    private boolean isStopping() {
        return stopped.getCount() == 0;
    }

    private void pause() {
        try {
            boolean ignored = stopped.await(RECONNECT_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        }
    }
}
