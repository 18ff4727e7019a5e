package org.holdfast.master.boot;

import java.util.ArrayList;
import java.util.List;

/** Loops in threads of their own, as the boot starts them. */
final class RunningLoops implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 30_000;

    private final List<Loop> loops;
    private final List<Thread> threads = new ArrayList<>();

    RunningLoops(List<Loop> loops) {
        this.loops = loops;
        for (Loop loop : loops) {
            var thread = new Thread(loop);
            thread.start();
            threads.add(thread);
        }
    }

    @Override
    public void close() {
        loops.forEach(Loop::stop);
        for (Thread thread : threads) {
            try {
                thread.join(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                throw new AssertionError(thread + " does not stop");
            }
        }
    }
}
