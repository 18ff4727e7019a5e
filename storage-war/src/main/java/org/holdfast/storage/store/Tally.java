package org.holdfast.storage.store;

import java.util.concurrent.atomic.LongAdder;

/** Running count of blobs and their bytes; a walk over the disk for each question would cost minutes. */
final class Tally {
    private final LongAdder blobs = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    void add(long sizeBytes) {
        blobs.increment();
        bytes.add(sizeBytes);
    }

    void subtract(long sizeBytes) {
        blobs.decrement();
        bytes.add(-sizeBytes);
    }

    long blobs() {
        return blobs.sum();
    }

    long bytes() {
        return bytes.sum();
    }
}
