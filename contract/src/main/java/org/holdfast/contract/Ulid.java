package org.holdfast.contract;

import java.security.SecureRandom;
import java.time.Clock;

/**
 * Identifiers that sort by time of creation: 48 bits of milliseconds, 80 random bits, as 26 characters of Crockford's
 * base 32 (the ULID specification). Sorted keys keep InnoDB's inserts at the right edge of the tree.
 */
public final class Ulid {
    /** Characters of an identifier. */
    public static final int LENGTH = 26;

    /** Crockford's base 32, in ascending order. */
    public static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RANDOM_BYTES = 10;
    private static final int TIME_CHARACTERS = 10;

    private Ulid() {}

    /** A new identifier; two of the same millisecond differ by 80 random bits. */
    public static String next(Clock clock) {
        var random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        var text = new StringBuilder(LENGTH);
        long millis = clock.millis();
        for (int shift = 5 * (TIME_CHARACTERS - 1); shift >= 0; shift -= 5) {
            text.append(ALPHABET.charAt((int) (millis >>> shift) & 31));
        }
        long bits = 0;
        int held = 0;
        for (byte octet : random) {
            bits = (bits << 8) | (octet & 0xff);
            held += 8;
            while (held >= 5) {
                held -= 5;
                text.append(ALPHABET.charAt((int) (bits >>> held) & 31));
            }
        }
        return text.toString();
    }

    /** The millisecond of its making. */
    static long millis(String text) {
        long millis = 0;
        for (int i = 0; i < TIME_CHARACTERS; i++) {
            millis = (millis << 5) | ALPHABET.indexOf(text.charAt(i));
        }
        return millis;
    }

    static boolean isValid(String text) {
        return text.length() == LENGTH && text.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
    }
}
