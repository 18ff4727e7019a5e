package org.holdfast.contract;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Places for what only so many can do at once, of which nobody gets more than a share: whoever holds all of theirs is in
 * nobody else's way. Accounts are told apart by their names; who has none, by {@link ClientNetwork}: a whole office may sit
 * behind one address, so an address counts for nobody who has signed in. Nobody waits: who gets no place is told to come
 * back. Thread-safe.
 */
public final class SharedPlaces {
    /** Most of the places, in percent, that one account or address may have (default: 50). */
    public static final String SETTING = "holdfast.share.percent";

    public static final int DEFAULT_PERCENT = 50;

    private static final int WHOLE = 100;

    private final String what;
    private final int places;
    private final int share;
    private final Duration comeBack;
    private final Map<String, Integer> held = new HashMap<>();
    private int taken;

    /**
     * All of them free.
     *
     * @param what for people, with an article: {@code transfers of this node}
     * @param places how many there are
     * @param percent how many of a hundred one may have
     * @param comeBack when to try again
     */
    public SharedPlaces(String what, int places, int percent, Duration comeBack) {
        this.what = what;
        this.places = places;
        this.share = Math.max(1, (int) ((long) places * percent / WHOLE));
        this.comeBack = comeBack;
    }

    /**
     * The share that is set.
     *
     * @throws HoldfastException INVALID {@code invalid-parameter} for what is no number from 1 to 100
     */
    public static int percent(Function<String, Optional<String>> settings) {
        try {
            int percent = settings.apply(SETTING).map(Integer::parseInt).orElse(DEFAULT_PERCENT);
            if (percent >= 1 && percent <= WHOLE) {
                return percent;
            }
            throw new NumberFormatException(SETTING);
        } catch (NumberFormatException e) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "invalid-parameter",
                    "The setting " + SETTING + " takes a number from 1 to 100.",
                    e);
        }
    }

    /**
     * Who takes a place.
     *
     * @param key empty for the cluster's own work, which has no share
     */
    public record Taker(Optional<String> key) {
        /** The cluster itself. */
        public static final Taker MEMBER = new Taker(Optional.empty());

        /** An account, or where there is none, an address. */
        public static Taker of(Optional<String> account, String address) {
            return new Taker(Optional.of(
                    account.map(name -> "account " + name).orElseGet(() -> "address " + ClientNetwork.of(address))));
        }

        /** An account. */
        public static Taker of(String account) {
            return of(Optional.of(account), "");
        }
    }

    /** A place that somebody has; closing it again does nothing. */
    public interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes a place, which the caller closes.
     *
     * @throws HoldfastException UNAVAILABLE {@code busy} when there is none, {@code share-used} when the taker has its share
     */
    public synchronized Place take(Taker taker) {
        int own = taker.key.map(key -> held.getOrDefault(key, 0)).orElse(0);
        if (own >= share) {
            throw HoldfastException.comeBack(
                    "share-used",
                    "You hold " + own + " of the " + places + " " + what
                            + ", which is all that one may have; try again.",
                    comeBack);
        }
        if (taken >= places) {
            throw HoldfastException.comeBack("busy", "All " + places + " " + what + " are taken; try again.", comeBack);
        }
        taken++;
        taker.key.ifPresent(key -> held.merge(key, 1, Integer::sum));
        return new Held(taker);
    }

    /** How many are taken now. */
    public synchronized int taken() {
        return taken;
    }

    private synchronized void give(Taker taker) {
        taken--;
        taker.key.ifPresent(key -> held.computeIfPresent(key, (unused, count) -> count == 1 ? null : count - 1));
    }

    private final class Held implements Place {
        private final Taker taker;
        private boolean open = true;

        Held(Taker taker) {
            this.taker = taker;
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                give(taker);
            }
        }
    }
}
