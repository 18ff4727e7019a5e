package org.holdfast.worker.queue;

/**
 * How to reach the broker.
 *
 * @param url as Artemis writes it, {@code tcp://host:port}
 * @param user the worker's account at the broker
 * @param password secret; not shown by {@link #toString}
 */
public record BrokerConfig(String url, String user, String password) {
    @Override
    public String toString() {
        return "BrokerConfig[" + url + ", user=" + user + "]";
    }
}
