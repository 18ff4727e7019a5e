package org.holdfast.master.database;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.holdfast.contract.HoldfastException;

/**
 * Runs a whole transaction again when it lost against another one. Two puts of the same new name, or two that make the
 * same folder, are decided by a unique key or by InnoDB's deadlock detection; the loser then sees the winner's rows.
 */
public final class Contention {
    private static final int MAX_TRIES = 12;
    private static final int MAX_PAUSE_MILLIS = 40;
    /**
     * After the second, no try begins later. Who waited for a row for as long as the database lets it (3 s) has lost, too,
     * and whoever asked is to be answered within 10 s.
     */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private Contention() {}

    /**
     * The result of {@code transaction}, which must be a whole transaction: nothing is open around it.
     *
     * @throws RuntimeException what the last try threw, when every try lost, or at once what is no contention
     */
    public static <T> T retry(Supplier<T> transaction) {
        return retry(transaction, System::nanoTime);
    }

    static <T> T retry(Supplier<T> transaction, LongSupplier nanoTime) {
        long began = nanoTime.getAsLong();
        for (int tries = 1; ; tries++) {
            try {
                return transaction.get();
            } catch (HoldfastException e) {
                throw e;
            } catch (RuntimeException e) {
                boolean isLate = tries > 1 && nanoTime.getAsLong() - began > LONGEST.toNanos();
                if (isLate || tries == MAX_TRIES || !SqlFailure.LOST.explains(e)) {
                    throw e;
                }
                var unused = pause(1 + Math.min(MAX_PAUSE_MILLIS, 4 * tries));
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
     * Waits for a while by chance, so that those who lost to each other do not meet again.
     *
     * @param boundMillis more than the longest
     * @return whether nobody interrupted it
     */
    public static boolean pause(int boundMillis) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(1, boundMillis));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
