package org.holdfast.contract;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Who is connected, and since when the next request of a connection is waited for: no address may have too many, and none
 * may take longer than {@link #HEAD_DEADLINE} for the head of a request. Thread-safe.
 */
final class OpenConnections {
    /** From connecting, or from the answer before. The container ends a connection without a byte after a minute too. */
    static final Duration HEAD_DEADLINE = Duration.ofMinutes(1);

    private final int perAddress;
    private final LongSupplier nanos;
    private final Map<Object, Connection> open = new HashMap<>();
    private final Map<String, Integer> byNetwork = new HashMap<>();

    /**
     * None so far.
     *
     * @param nanos a monotonic clock, as {@link System#nanoTime}
     */
    OpenConnections(int perAddress, LongSupplier nanos) {
        this.perAddress = perAddress;
        this.nanos = nanos;
    }

    /** One of them; {@code isAnswered} while there is a request to answer. */
    private static final class Connection {
        private final String network;
        private long waitsSinceNanos;
        private boolean isAnswered;

        Connection(String network, long waitsSinceNanos) {
            this.network = network;
            this.waitsSinceNanos = waitsSinceNanos;
        }
    }

    /** Counts a connection; false when its address has too many, and it is to be closed. */
    synchronized boolean opened(Object connection, String address) {
        String network = ClientNetwork.of(address);
        if (byNetwork.getOrDefault(network, 0) >= perAddress) {
            return false;
        }
        byNetwork.merge(network, 1, Integer::sum);
        open.put(connection, new Connection(network, nanos.getAsLong()));
        return true;
    }

    /** The head of a request is there. */
    synchronized void asked(Object connection) {
        Connection known = open.get(connection);
        if (known != null) {
            known.isAnswered = true;
        }
    }

    /** The answer has gone. */
    synchronized void answered(Object connection) {
        Connection known = open.get(connection);
        if (known != null) {
            known.isAnswered = false;
            known.waitsSinceNanos = nanos.getAsLong();
        }
    }

    synchronized void closed(Object connection) {
        Connection known = open.remove(connection);
        if (known != null) {
            byNetwork.computeIfPresent(known.network, (network, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Those whose request was waited for too long. */
    synchronized List<Object> overdue() {
        long now = nanos.getAsLong();
        return open.entrySet().stream()
                .filter(entry -> !entry.getValue().isAnswered
                        && now - entry.getValue().waitsSinceNanos > HEAD_DEADLINE.toNanos())
                .map(Map.Entry::getKey)
                .toList();
    }
}
