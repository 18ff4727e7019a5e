package org.holdfast.storage.store;

import java.io.IOException;
import java.util.List;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/** Turns what the operating system says of a disk into what a client can act upon. The store's only translation. */
final class DiskFailure {
    /** ENOSPC, EDQUOT and EFBIG as glibc words them; Java offers the text only. */
    private static final List<String> FULL =
            List.of("No space left on device", "Disk quota exceeded", "File too large");

    private DiskFailure() {}

    static HoldfastException of(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        if (FULL.stream().anyMatch(text::contains)) {
            return HoldfastException.of(FailureKind.FULL, "full", "This storage node is full.", failure);
        }
        return HoldfastException.of(FailureKind.UNAVAILABLE, "unavailable", "This node's disk failed.", failure);
    }

    static HoldfastException full(long freeBytes) {
        return HoldfastException.of(
                FailureKind.FULL, "full", "This storage node is full: it can take " + freeBytes + " more bytes.");
    }
}
