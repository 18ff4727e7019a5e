package org.holdfast.master.replication;

/**
 * How the broker is reached.
 *
 * @param url {@code tcp://host:port}
 * @param user name to sign in with
 * @param password secret
 */
public record BrokerConfig(String url, String user, String password) {
    @Override
    public String toString() {
        return "BrokerConfig[" + url + ", " + user + "]";
    }
}
