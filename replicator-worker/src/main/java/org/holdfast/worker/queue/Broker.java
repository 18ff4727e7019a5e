package org.holdfast.worker.queue;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.time.Duration;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/**
 * Makes connections that take one message at a time and break at once when the broker goes. Artemis's own fail-over is
 * off on purpose: it hides an outage behind calls that block, and leaves a transaction in a state that depends on the
 * call it hit. A connection that is gone is gone; its slot makes a new one.
 */
public final class Broker implements AutoCloseable {
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);
    /** A connection without a sign of life is given up, and its task delivered to another worker. */
    private static final Duration CONNECTION_LIFE = Duration.ofSeconds(30);

    private final ActiveMQConnectionFactory factory;
    private final BrokerConfig config;

    /** Does not connect yet. Throws IllegalArgumentException for a URL that Artemis can't read. */
    public Broker(BrokerConfig config) {
        this.config = config;
        this.factory = new ActiveMQConnectionFactory(config.url());
        factory.setInitialConnectAttempts(1);
        factory.setReconnectAttempts(0);
        factory.setUseTopologyForLoadBalancing(false);
        // 0: the broker keeps what this slot has not asked for, so that an idle worker can take it.
        factory.setConsumerWindowSize(0);
        factory.setBlockOnDurableSend(true);
        factory.setCallTimeout(CALL_TIMEOUT.toMillis());
        factory.setConnectionTTL(CONNECTION_LIFE.toMillis());
        factory.setClientFailureCheckPeriod(CONNECTION_LIFE.toMillis() / 2);
    }

    /** Connects now or fails; the caller closes. */
    Connection connect() throws JMSException {
        return factory.createConnection(config.user(), config.password());
    }

    String url() {
        return config.url();
    }

    @Override
    public void close() {
        factory.close();
    }
}
