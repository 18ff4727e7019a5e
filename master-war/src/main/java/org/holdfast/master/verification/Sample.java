package org.holdfast.master.verification;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * Picks every so-manieth copy, beginning at random: one in twenty, but at least a hundred where there are as many. Tests
 * whether the disk as a whole returns what was written; that one bad copy among thousands is met is a matter of luck.
 */
final class Sample implements Predicate<HeldCopy> {
    private static final int ONE_IN = 20;
    private static final int LEAST = 100;

    private final long step;
    private long countdown;

    Sample(long copies) {
        step = Math.max(1, Math.min(ONE_IN, copies / LEAST));
        countdown = ThreadLocalRandom.current().nextLong(step);
    }

    @Override
    public boolean test(HeldCopy copy) {
        countdown--;
        if (countdown >= 0) {
            return false;
        }
        countdown = step - 1;
        return true;
    }
}
