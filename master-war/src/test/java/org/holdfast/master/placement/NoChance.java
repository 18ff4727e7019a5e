package org.holdfast.master.placement;

import java.util.random.RandomGenerator;

/** Fails whoever asks it: proves that a decision needs no chance. */
enum NoChance implements RandomGenerator {
    INSTANCE;

    @Override
    public long nextLong() {
        throw new AssertionError("this decision must not depend on chance");
    }
}
