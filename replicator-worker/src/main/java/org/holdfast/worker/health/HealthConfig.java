package org.holdfast.worker.health;

import java.net.InetSocketAddress;

/**
 * Where the worker answers questions about itself.
 *
 * @param address host name or IP address to listen on
 * @param port 0 for any free one
 */
public record HealthConfig(String address, int port) {
    public HealthConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is a number from 0 to 65535");
        }
    }

    /** Whether nobody outside of this machine can ask. */
    public boolean isLoopback() {
        InetSocketAddress where = new InetSocketAddress(address, port);
        return !where.isUnresolved() && where.getAddress().isLoopbackAddress();
    }
}
