package org.holdfast.worker.transfer;

import java.time.Duration;
import org.holdfast.contract.BlobFacts;

/**
 * Bounds on a transfer.
 *
 * @param connectTimeout longest wait for a connection to a node
 * @param stallTimeout longest wait for bytes to move, and for an answer
 */
public record TransferConfig(Duration connectTimeout, Duration stallTimeout) {
    private static final long SLOW_DISK_BYTES_PER_SECOND = 10_000_000;

    public TransferConfig {
        requirePositive(connectTimeout);
        requirePositive(stallTimeout);
    }

    /** How long a node may take to read a blob from its disk: the stall time-out, and a second for every 10 MB. */
    Duration verifyTimeout(BlobFacts blob) {
        return stallTimeout.plusSeconds(blob.sizeBytes() / SLOW_DISK_BYTES_PER_SECOND);
    }

    private static void requirePositive(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("a time-out must be longer than nothing");
        }
    }
}
