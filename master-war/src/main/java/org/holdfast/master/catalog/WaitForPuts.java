package org.holdfast.master.catalog;

import java.util.function.Supplier;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.LockHolder;
import org.holdfast.master.database.Contention;

/**
 * Lets a change of names wait its turn. The lock of a put ends by itself, most often within moments, and in a folder that
 * people write into there is always one: moves of it would hardly ever be tried in between. A lock that somebody has asked
 * for is not waited for.
 */
public final class WaitForPuts {
    /** With the pauses some 5 s: long enough for small files to come in, and for whoever moves a folder at a page. */
    private static final int MAX_TRIES = 150;

    private static final int MAX_PAUSE_MILLIS = 60;

    private WaitForPuts() {}

    /**
     * The result of {@code transaction}, as {@link Contention#retry}.
     *
     * @throws HoldfastException LOCKED {@code locked} when a put was always in the way
     */
    public static <T> T retry(Supplier<T> transaction) {
        for (int tries = 1; ; tries++) {
            try {
                return Contention.retry(transaction);
            } catch (HoldfastException e) {
                boolean passes = e.lockHolder().filter(LockHolder::puts).isPresent();
                if (!passes || tries == MAX_TRIES || !Contention.pause(MAX_PAUSE_MILLIS)) {
                    throw e;
                }
            }
        }
    }
}
