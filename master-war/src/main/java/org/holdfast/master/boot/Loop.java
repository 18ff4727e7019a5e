package org.holdfast.master.boot;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Does one thing again and again until it is stopped; a failure is logged and costs a pause, never the loop. */
final class Loop implements Runnable {
    private static final Logger LOG = Logger.getLogger(Loop.class.getName());
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final String name;
    private final Duration pause;
    private final Step step;
    private final Runnable end;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean failing;

    /** One round. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }

    Loop(String name, Duration pause, Step step) {
        this(name, pause, step, () -> {});
    }

    /**
     * As without {@code end}.
     *
     * @param end run once, in the loop's own thread, when it has been stopped: closes what the steps have opened
     */
    Loop(String name, Duration pause, Step step, Runnable end) {
        this.name = name;
        this.pause = pause;
        this.step = step;
        this.end = end;
    }

    void stop() {
        stopped.countDown();
    }

    /** Waits until a loop that was stopped has ended, or until so much time is over. */
    boolean awaitEnd(Duration patience) {
        try {
            return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void run() {
        boolean goOn = true;
        while (goOn) {
            goOn = !waitFor(round() ? pause : AFTER_FAILURE);
        }
        try {
            end.run();
        } catch (RuntimeException e) {
            LOG.log(Level.INFO, name + " did not end cleanly", e);
        }
        ended.countDown();
    }

    private boolean round() {
        try {
            step.run();
            if (failing) {
                LOG.info(() -> name + " works again");
            }
            failing = false;
            return true;
        } catch (InterruptedException e) {
            stopped.countDown();
            return false;
        } catch (Exception e) {
            // The first of a series with its trace, the others would only fill the log.
            LOG.log(Level.WARNING, name + " failed" + (failing ? " again: " + e : ""), failing ? null : e);
            failing = true;
            return false;
        }
    }

    private boolean waitFor(Duration duration) {
        try {
            return stopped.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
