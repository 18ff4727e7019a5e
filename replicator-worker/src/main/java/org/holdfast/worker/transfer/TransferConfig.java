package org.holdfast.worker.transfer;

import java.time.Duration;

/**
 * Bounds on a transfer.
 *
 * @param connectTimeout longest wait for a connection to a node
 * @param stallTimeout longest wait for bytes to move, and for an answer
 * @param ticketLife how long the worker's tickets are honoured; they are shown once, at once, so this need only cover
 *     the difference of two clocks
 */
public record TransferConfig(Duration connectTimeout, Duration stallTimeout, Duration ticketLife) {
    public TransferConfig {
        requirePositive(connectTimeout);
        requirePositive(stallTimeout);
        requirePositive(ticketLife);
    }

    private static void requirePositive(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("a time-out must be longer than nothing");
        }
    }
}
