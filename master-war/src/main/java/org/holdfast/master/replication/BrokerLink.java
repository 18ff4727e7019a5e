package org.holdfast.master.replication;

import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/**
 * One connection to the broker: sends tasks, receives what workers say. Not thread-safe, except that {@link #close} may
 * come from another thread. A link that has thrown is closed and a new one opened.
 */
public final class BrokerLink implements AutoCloseable {
    /** The broker drops a second message with the same value of this property. */
    private static final String DUPLICATE_ID = "_AMQ_DUPL_ID";

    private static final long CALL_TIMEOUT_MILLIS = 10_000;
    private static final long NEWS_LIFE_MILLIS = 60_000;
    private static final int CONFIRMATION_WINDOW_BYTES = 1024 * 1024;
    private static final int MAX_BATCH = 64;

    private final ActiveMQConnectionFactory factory;
    private final Connection connection;

    /** Connects and signs in; throws when the broker does not answer. */
    public BrokerLink(BrokerConfig config) throws JMSException {
        factory = new ActiveMQConnectionFactory(config.url());
        factory.setReconnectAttempts(0);
        factory.setInitialConnectAttempts(1);
        factory.setCallTimeout(CALL_TIMEOUT_MILLIS);
        factory.setConfirmationWindowSize(CONFIRMATION_WINDOW_BYTES);
        factory.setConsumerWindowSize(CONFIRMATION_WINDOW_BYTES);
        connection = factory.createConnection(config.user(), config.password());
        connection.start();
    }

    /**
     * Sends tasks and waits until the broker has them on disk.
     *
     * @return ids of those that it confirmed; sending another one again is harmless
     */
    public Set<String> send(List<ClaimDueTasks.Claimed> tasks) throws JMSException {
        Set<String> confirmed = ConcurrentHashMap.newKeySet();
        var outstanding = new CountDownLatch(tasks.size());
        try (Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE)) {
            MessageProducer producer = session.createProducer(null);
            for (ClaimDueTasks.Claimed task : tasks) {
                TextMessage message =
                        session.createTextMessage(task.message().toJson().toString());
                // The same again while it is unsure whether the broker has it; another one after silence, since the
                // broker would drop it for a message that it has long delivered.
                message.setStringProperty(
                        DUPLICATE_ID,
                        task.message().taskId() + ":" + task.message().attempt() + ":" + task.resent());
                producer.setDeliveryDelay(task.delay().toMillis());
                producer.send(
                        session.createQueue(task.urgency().queue()),
                        message,
                        DeliveryMode.PERSISTENT,
                        Message.DEFAULT_PRIORITY,
                        Message.DEFAULT_TIME_TO_LIVE,
                        new Confirmation(task.message().taskId(), confirmed, outstanding));
            }
            if (!outstanding.await(CALL_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new JMSException("the broker has not confirmed all tasks in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return confirmed;
    }

    private record Confirmation(String taskId, Set<String> confirmed, CountDownLatch outstanding)
            implements CompletionListener {
        @Override
        public void onCompletion(Message message) {
            confirmed.add(taskId);
            outstanding.countDown();
        }

        @Override
        public void onException(Message message, Exception exception) {
            outstanding.countDown();
        }
    }

    /** Tells everybody who listens to a topic at this moment; worth something for a minute only. */
    public void tell(String topic, String text) throws JMSException {
        try (Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE)) {
            MessageProducer producer = session.createProducer(session.createTopic(topic));
            producer.send(
                    session.createTextMessage(text),
                    DeliveryMode.NON_PERSISTENT,
                    Message.DEFAULT_PRIORITY,
                    NEWS_LIFE_MILLIS);
        }
    }

    /** Opens a queue for reading in batches. */
    public Inbox inbox(String queue) throws JMSException {
        Session session = connection.createSession(Session.SESSION_TRANSACTED);
        return new Inbox(session, session.createConsumer(session.createQueue(queue)));
    }

    /** A queue that is read in batches; each batch is gone from the queue when it is accepted, and not before. */
    public static final class Inbox {
        private final Session session;
        private final MessageConsumer consumer;

        private Inbox(Session session, MessageConsumer consumer) {
            this.session = session;
            this.consumer = consumer;
        }

        /** What is there: waits for a first message up to {@code patience}, then takes what follows at once. */
        public List<String> next(Duration patience) throws JMSException {
            List<String> texts = new ArrayList<>();
            Message message = consumer.receive(patience.toMillis());
            while (message != null) {
                if (message instanceof TextMessage text) {
                    texts.add(text.getText());
                }
                message = texts.size() < MAX_BATCH ? consumer.receiveNoWait() : null;
            }
            return texts;
        }

        public void accept() throws JMSException {
            session.commit();
        }

        public void refuse() throws JMSException {
            session.rollback();
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
            factory.close();
        } catch (JMSException e) {
            throw new IllegalStateException("the connection to the broker could not be closed", e);
        }
    }
}
