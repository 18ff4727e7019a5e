package org.holdfast.worker.queue;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.json.JsonException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.holdfast.contract.CancelMessage;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.TaskQueues;
import org.holdfast.worker.transfer.TransferBoard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what masters tell all workers at once, and has cancelled attempts broken off. It has a connection and a thread of
 * its own; what is said while it is not connected, it never hears.
 */
public final class HearOrders implements Runnable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration RECONNECT_PAUSE = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(HearOrders.class);

    private final Broker broker;
    private final TransferBoard board;
    private final CountDownLatch stopped = new CountDownLatch(1);

    public HearOrders(Broker broker, TransferBoard board) {
        this.broker = broker;
        this.board = board;
    }

    @Override
    public void run() {
        do {
            try (Connection connection = broker.connect();
                    Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                    MessageConsumer orders = session.createConsumer(session.createTopic(TaskQueues.CONTROL))) {
                connection.start();
                while (!isStopping()) {
                    Message message = orders.receive(POLL.toMillis());
                    if (message != null && message.isBodyAssignableTo(String.class)) {
                        obey(message.getBody(String.class));
                    }
                }
            } catch (JMSException | RuntimeException e) {
                LOG.debug("no orders can be heard", e);
            }
        } while (!pause());
    }

    public void stop() {
        stopped.countDown();
    }

    private void obey(String text) {
        try (var reader = JsonText.reader(text)) {
            CancelMessage order = CancelMessage.fromJson(reader.readObject());
            board.cancel(order.taskId(), order.attempt());
        } catch (JsonException | HoldfastException e) {
            LOG.warn("an order that this worker does not understand: {}", text, e);
        }
    }

    private boolean isStopping() {
        return stopped.getCount() == 0;
    }

    private boolean pause() {
        try {
            return stopped.await(RECONNECT_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
