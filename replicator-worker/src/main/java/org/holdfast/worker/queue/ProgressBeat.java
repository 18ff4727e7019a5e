package org.holdfast.worker.queue;

import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.holdfast.contract.TaskProgress;
import org.holdfast.contract.TaskQueues;
import org.holdfast.worker.transfer.Transfer;
import org.holdfast.worker.transfer.TransferBoard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how far the long transfers are, once a second, to whom it interests. Messages are non-durable and expire; a
 * broker that is away costs nothing but the news. It has a connection and a thread of its own, so that a slow broker
 * never slows a transfer.
 */
public final class ProgressBeat implements Runnable {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration NEWS_LIFE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(ProgressBeat.class);

    private final String worker;
    private final Clock clock;
    private final Broker broker;
    private final TransferBoard board;
    private final Map<Transfer, Long> toldBytes = new WeakHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    public ProgressBeat(String worker, Clock clock, Broker broker, TransferBoard board) {
        this.worker = worker;
        this.clock = clock;
        this.broker = broker;
        this.board = board;
    }

    @Override
    public void run() {
        while (pause()) {
            try (Connection connection = broker.connect();
                    Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
                MessageProducer producer = session.createProducer(session.createQueue(TaskQueues.PROGRESS));
                while (pause()) {
                    for (Transfer transfer : board.active()) {
                        tell(session, producer, transfer);
                    }
                }
            } catch (JMSException | RuntimeException e) {
                LOG.debug("no progress can be told", e);
            }
        }
    }

    public void stop() {
        stopped.countDown();
    }

    private void tell(Session session, MessageProducer producer, Transfer transfer) throws JMSException {
        Duration running = Duration.between(transfer.startedAt(), clock.instant());
        if (running.compareTo(PERIOD) < 0) {
            return;
        }
        long bytes = transfer.movedBytes();
        Long before = toldBytes.put(transfer, bytes);
        long rate = before == null ? bytes * 1000 / running.toMillis() : (bytes - before) * 1000 / PERIOD.toMillis();
        var news = new TaskProgress(transfer.taskId(), transfer.attempt(), worker, bytes, transfer.sizeBytes(), rate);
        producer.send(
                session.createTextMessage(news.toJson().toString()),
                DeliveryMode.NON_PERSISTENT,
                Message.DEFAULT_PRIORITY,
                NEWS_LIFE.toMillis());
    }

    /** Waits for one period; false when the beat is to end. */
    private boolean pause() {
        try {
            return !stopped.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
