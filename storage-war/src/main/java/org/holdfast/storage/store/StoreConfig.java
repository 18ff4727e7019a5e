package org.holdfast.storage.store;

import java.nio.file.Path;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/**
 * Where blobs are kept.
 *
 * @param directory the node's data directory; made when it is missing
 * @param reserveBytes free space that uploads never touch, so that the node can still write its own small files
 */
public record StoreConfig(Path directory, long reserveBytes) {
    public StoreConfig {
        if (reserveBytes < 0) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "holdfast.node.reserve-bytes can't be negative.");
        }
    }
}
