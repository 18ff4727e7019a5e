package org.holdfast.storage.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.holdfast.storage.store.Beginnings;

/**
 * Has at most one try of each put read its body. A client whose line broke comes again long before this node can know that
 * the first connection is dead: the earlier try is ended then, and what it has taken in is the later one's beginning.
 */
final class LatestTry {
    /** What an ended try may take to put its bytes away. */
    private static final long PATIENCE_SECONDS = 5;

    private final Map<Beginnings.Key, Try> running = new ConcurrentHashMap<>();

    /** One try; closed by the thread that has begun it, when nothing of it is open any more. */
    final class Try implements AutoCloseable {
        private final Optional<Beginnings.Key> key;
        private final Thread reader = Thread.currentThread();
        private final CountDownLatch over = new CountDownLatch(1);
        private boolean reads;
        private boolean ended;

        private Try(Optional<Beginnings.Key> key) {
            this.key = key;
        }

        /** Reads for its own thread, which waits for the line nowhere else. */
        int read(Reading reading) throws IOException {
            synchronized (this) {
                if (ended) {
                    throw new InterruptedIOException("there is a later try");
                }
                reads = true;
            }
            try {
                return reading.read();
            } finally {
                synchronized (this) {
                    reads = false;
                    if (ended) {
                        // Else the next one to hear of it would be a file, which is closed by that.
                        var unused = Thread.interrupted();
                    }
                }
            }
        }

        /** Whether there is a later one. */
        synchronized boolean isEnded() {
            return ended;
        }

        private void end() {
            synchronized (this) {
                ended = true;
                if (reads) {
                    reader.interrupt();
                }
            }
            try {
                var unused = over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            key.ifPresent(known -> running.remove(known, this));
            over.countDown();
        }
    }

    /** A read that may wait for the line. */
    @FunctionalInterface
    interface Reading {
        int read() throws IOException;
    }

    /** Begins one, after an earlier one of the same put has ended. */
    Try begin(Optional<Beginnings.Key> key) {
        var mine = new Try(key);
        key.map(known -> running.put(known, mine)).ifPresent(Try::end);
        return mine;
    }

    /** Ends the one that runs, if any does. */
    void end(Beginnings.Key key) {
        Optional.ofNullable(running.get(key)).ifPresent(Try::end);
    }
}
