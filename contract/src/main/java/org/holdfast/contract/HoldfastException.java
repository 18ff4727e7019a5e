package org.holdfast.contract;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one exception that use cases throw. It carries what every boundary needs: the kind, a stable code for programs
 * and one sentence for people.
 */
public final class HoldfastException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final FailureKind kind;
    private final String code;
    private final @Nullable Duration retryAfter;
    private final @Nullable LockHolder lockHolder;

    private HoldfastException(
            FailureKind kind,
            String code,
            String sentence,
            @Nullable Duration retryAfter,
            @Nullable LockHolder lockHolder,
            @Nullable Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
        this.code = code;
        this.retryAfter = retryAfter;
        this.lockHolder = lockHolder;
    }

    /**
     * A failure that a person and a program can both act upon.
     *
     * @param code stable, lower case, hyphenated: {@code digest-mismatch}
     * @param sentence says what is wrong and what to do; shown to people
     */
    public static HoldfastException of(FailureKind kind, String code, String sentence) {
        return new HoldfastException(kind, code, sentence, null, null, null);
    }

    /** As {@link #of(FailureKind, String, String)}, with the cause kept for the log; it is never shown to a client. */
    public static HoldfastException of(FailureKind kind, String code, String sentence, Throwable cause) {
        return new HoldfastException(kind, code, sentence, null, null, cause);
    }

    /** {@code sign-in-required}: the request has no credentials, here or at a master that it would be passed on to. */
    public static HoldfastException signInRequired() {
        return of(
                FailureKind.UNAUTHENTICATED,
                "sign-in-required",
                "Sign in with user name and password (HTTP Basic) or with a session's bearer token.");
    }

    /** An {@link FailureKind#UNAVAILABLE} failure that passes by itself; tells the client when to come back. */
    public static HoldfastException comeBack(String code, String sentence, Duration retryAfter) {
        return new HoldfastException(FailureKind.UNAVAILABLE, code, sentence, retryAfter, null, null);
    }

    /** A {@link FailureKind#THROTTLED} failure: the client has tried too often and may try again later. */
    public static HoldfastException throttled(String code, String sentence, Duration retryAfter) {
        return new HoldfastException(FailureKind.THROTTLED, code, sentence, retryAfter, null, null);
    }

    /** A {@link FailureKind#LOCKED} failure {@code locked}: tells who holds the lock, and how long at most. */
    public static HoldfastException locked(String sentence, LockHolder holder, Duration retryAfter) {
        return new HoldfastException(FailureKind.LOCKED, "locked", sentence, retryAfter, holder, null);
    }

    public FailureKind kind() {
        return kind;
    }

    public String code() {
        return code;
    }

    /** The sentence for people. */
    public String sentence() {
        return String.valueOf(getMessage());
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Who holds the lock that is in the way; empty for every other failure. */
    public Optional<LockHolder> lockHolder() {
        return Optional.ofNullable(lockHolder);
    }
}
