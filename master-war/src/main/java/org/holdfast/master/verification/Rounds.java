package org.holdfast.master.verification;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Repeats each round over the network until the node has answered it, as long as the check is wanted. */
final class Rounds {
    /** With rests of half a second 10 s, in which a heartbeat has long shown that a node is down. */
    static final int MAX_TRIES = 20;

    private final BooleanSupplier isWanted;
    private final Duration pause;

    Rounds(BooleanSupplier isWanted, Duration pause) {
        this.isWanted = isWanted;
        this.pause = pause;
    }

    /** One round. */
    interface Round<T> {
        T run() throws IOException;
    }

    /**
     * What the round returned.
     *
     * @throws CheckEnded when the check is not wanted any more, or too many tries failed
     */
    <T> T ask(Round<T> round) {
        for (int tries = 1; ; tries++) {
            requireWanted();
            try {
                return round.run();
            } catch (IOException e) {
                if (tries == MAX_TRIES) {
                    throw CheckEnded.noAnswer(e);
                }
                rest();
            }
        }
    }

    void requireWanted() {
        if (!isWanted.getAsBoolean()) {
            throw CheckEnded.notWanted();
        }
    }

    void rest() {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CheckEnded.notWanted();
        }
    }
}
