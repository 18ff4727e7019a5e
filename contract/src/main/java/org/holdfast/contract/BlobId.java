package org.holdfast.contract;

import java.time.Clock;
import java.time.Instant;

/**
 * Names one immutable sequence of bytes for ever; a blob id is never used again for other bytes.
 *
 * @param value 26 characters, see {@link Ulid}; safe as a file name and in a URL
 */
public record BlobId(String value) {
    public BlobId {
        if (!Ulid.isValid(value)) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", "This is not a blob id.");
        }
    }

    public static BlobId next(Clock clock) {
        return new BlobId(Ulid.next(clock));
    }

    /** When the id was made, in milliseconds: the same at every member, without asking anybody. */
    public Instant createdAt() {
        return Instant.ofEpochMilli(Ulid.millis(value));
    }

    @Override
    public String toString() {
        return value;
    }
}
