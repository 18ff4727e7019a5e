package org.holdfast.master.account;

import java.time.Duration;

/**
 * How far guessing goes; {@code holdfast.guessing.*}.
 *
 * @param pairFree wrong passwords for an account from an address before the next one waits; also what else somebody who has
 *     signed in may try
 * @param addressFree wrong passwords from an address, for any accounts
 * @param accountFree wrong passwords for an account, from anywhere
 * @param longest the longest wait, and how long after the last wrong one all is forgotten
 * @param longestNew the longest wait at an address that has done nothing wrong
 */
public record ThrottleConfig(int pairFree, int addressFree, int accountFree, Duration longest, Duration longestNew) {
    /** A botnet with ever new addresses has 1,440 guesses a day, and the owner at a new address a chance. */
    public static final ThrottleConfig DEFAULT =
            new ThrottleConfig(5, 20, 20, Duration.ofMinutes(15), Duration.ofMinutes(1));

    public ThrottleConfig {
        if (pairFree < 1 || addressFree < 1 || accountFree < 1) {
            throw new IllegalArgumentException("holdfast.guessing.free and its kin must be at least 1");
        }
        if (longestNew.toSeconds() < 1 || longest.compareTo(longestNew) < 0) {
            throw new IllegalArgumentException("holdfast.guessing.longest-wait must be at least"
                    + " holdfast.guessing.longest-wait-of-new, and that at least a second");
        }
    }
}
