package org.holdfast.master.database;

import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.holdfast.contract.HoldfastException;
import org.jspecify.annotations.Nullable;

/**
 * Runs a whole transaction again when it lost against another one. Two puts of the same new name, or two that make the
 * same folder, are decided by a unique key or by InnoDB's deadlock detection; the loser then sees the winner's rows.
 */
public final class Contention {
    private static final int MAX_TRIES = 12;
    private static final int MAX_PAUSE_MILLIS = 40;
    /** Duplicate key, record changed, lock wait time-out, deadlock. Source: MariaDB's list of error codes. */
    private static final Set<Integer> LOST = Set.of(1062, 1020, 1205, 1213);

    private Contention() {}

    /**
     * The result of {@code transaction}, which must be a whole transaction: nothing is open around it.
     *
     * @throws RuntimeException what the last try threw, when every try lost, or at once what is no contention
     */
    public static <T> T retry(Supplier<T> transaction) {
        for (int tries = 1; ; tries++) {
            try {
                return transaction.get();
            } catch (HoldfastException e) {
                throw e;
            } catch (RuntimeException e) {
                if (tries == MAX_TRIES || !isLost(e)) {
                    throw e;
                }
                pause(tries);
            }
        }
    }

    /** As {@link #retry(Supplier)}, for a transaction without a result. */
    public static void retryRun(Runnable transaction) {
        var unused = retry(() -> {
            transaction.run();
            return true;
        });
    }

    /**
     * Whether a failure is the data's own: it will fail again, however often it is tried (SQL classes 22, data exception,
     * and 23, constraint violation).
     */
    public static boolean isHopeless(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && String.valueOf(sql.getSQLState()).matches("2[23].*")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLost(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && LOST.contains(sql.getErrorCode())) {
                return true;
            }
        }
        return false;
    }

    private static void pause(int tries) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(1, 1 + Math.min(MAX_PAUSE_MILLIS, 4 * tries)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
