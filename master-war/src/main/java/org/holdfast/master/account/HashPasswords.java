package org.holdfast.master.account;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;

/**
 * Computes and compares hashes of passwords, {@link #MAX_AT_ONCE} at once: Argon2 takes 19 MiB each time. Who comes first
 * is served first.
 */
@ApplicationScoped
public class HashPasswords {
    static final int MIN_LENGTH = 8;
    static final int MAX_LENGTH = 256;
    private static final int MAX_AT_ONCE = 2;

    /** Compared against when there is no account or no password, so that the time taken does not tell. */
    private static final String NOBODYS = PasswordHash.of("nobody has this password");

    private final Semaphore turns = new Semaphore(MAX_AT_ONCE, true);

    /** The hash of a new password; INVALID {@code weak-password} when it is too short or too long. */
    String hash(String password) {
        if (password.length() < MIN_LENGTH || password.length() > MAX_LENGTH) {
            throw HoldfastException.of(
                    FailureKind.INVALID,
                    "weak-password",
                    "A password has " + MIN_LENGTH + " to " + MAX_LENGTH + " characters.");
        }
        return inTurn(() -> PasswordHash.of(password));
    }

    /** Whether the password is the one behind the hash; takes as long when the hash is that of no password. */
    boolean matches(String password, String hash) {
        boolean none = hash.equals(Account.NO_PASSWORD);
        return PasswordHash.matches(password, none ? NOBODYS : hash) && !none;
    }

    /** Runs what compares or computes hashes, when it is its turn. */
    <T> T inTurn(Supplier<T> step) {
        turns.acquireUninterruptibly();
        try {
            return step.get();
        } finally {
            turns.release();
        }
    }
}
