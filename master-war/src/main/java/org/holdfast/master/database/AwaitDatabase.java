package org.holdfast.master.database;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.logging.Logger;

/**
 * Does what a master needs the database for before it can serve, however long that is away: it may start later than the
 * master, or be started again while the master boots. Each try is logged, so that whoever waits for the master sees why.
 */
public final class AwaitDatabase {
    private static final Logger LOG = Logger.getLogger(AwaitDatabase.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final int DOUBLINGS = 4;

    private final Consumer<Duration> pause;
    private Duration waited = Duration.ZERO;

    /** Waits in real time. */
    public AwaitDatabase() {
        this(AwaitDatabase::sleep);
    }

    AwaitDatabase(Consumer<Duration> pause) {
        this.pause = pause;
    }

    /**
     * What needs the database.
     *
     * @param <T> what it gives
     * @param <X> how it fails
     */
    public interface Step<T, X extends Exception> {
        /** To be done as a whole; harmless when done twice. */
        T take() throws X;
    }

    /** As {@link #take}, for what gives nothing. */
    public void run(Runnable step) {
        var unused = take(() -> {
            step.run();
            return true;
        });
    }

    /** Does a step, again and again while the database does not answer, with pauses of 0.5 s to 8 s. */
    public <T, X extends Exception> T take(Step<T, X> step) throws X {
        for (int failures = 0; ; failures++) {
            try {
                return step.take();
            } catch (Exception e) {
                if (!SqlFailure.AWAY.explains(e) || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LOG.warning(() -> "waits for the database, " + waited.toSeconds() + " s: " + e.getMessage());
                Duration next = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, DOUBLINGS));
                pause.accept(next);
                waited = waited.plus(next);
            }
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
