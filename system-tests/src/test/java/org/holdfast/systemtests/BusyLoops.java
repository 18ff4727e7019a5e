package org.holdfast.systemtests;

import java.util.List;
import java.util.stream.IntStream;

/** Other work that takes all of the machine that it gets, until it is closed. */
final class BusyLoops implements AutoCloseable {
    private final List<Thread> threads;

    BusyLoops(int count) {
        threads = IntStream.range(0, count)
                .mapToObj(number -> new Thread(BusyLoops::work, "busy loop " + number))
                .toList();
    }

    void start() {
        threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
    }

    private static void work() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
