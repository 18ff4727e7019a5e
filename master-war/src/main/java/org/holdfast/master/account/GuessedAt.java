package org.holdfast.master.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Whose password is guessed at.
 *
 * @param key what its wrong guesses are counted under; at most 40 ASCII characters
 * @param accountId where it is an account that exists
 */
public record GuessedAt(String key, Optional<Long> accountId) {
    private static final int HASH_BYTES = 16;

    /** An account, by whichever of its names it was called. */
    static GuessedAt account(long id) {
        return new GuessedAt("account:" + id, Optional.of(id));
    }

    /** A name that no account has, hashed: people type passwords where names belong, and names have no bound. */
    static GuessedAt nobody(String login) {
        try {
            byte[] text = login.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
            return new GuessedAt("name:" + HexFormat.of().formatHex(hash, 0, HASH_BYTES), Optional.empty());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A share link. */
    static GuessedAt link(String id) {
        return new GuessedAt("link:" + id, Optional.empty());
    }

    /** Where the guesses of addresses that had made no wrong one before are counted. */
    String newcomers() {
        return key + ":new";
    }

    /** Where the further guesses are counted. */
    String suspects() {
        return key + ":suspect";
    }
}
