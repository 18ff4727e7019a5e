package org.holdfast.contract;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * When a file was changed on the machine that it comes from, as that machine tells: {@code Holdfast-Modified}, a time of RFC
 * 3339. It is a property of the file like its type; conditions never look at it, for it may lie in any past or future.
 */
public final class FileTime {
    public static final String HEADER = "Holdfast-Modified";

    /** What the catalog's {@code DATETIME(6)} holds. */
    private static final Instant FIRST = Instant.parse("1000-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private static final String NO_TIME =
            "The header " + HEADER + " needs a time like 2026-11-05T08:00:00Z, from the year 1000 to 9999.";

    private FileTime() {}

    /**
     * The time that a header tells, in microseconds; empty where there is none.
     *
     * @throws HoldfastException INVALID when it is no such time, or one that can't be kept
     */
    public static Optional<Instant> parse(@org.jspecify.annotations.Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        try {
            Instant time = OffsetDateTime.parse(header.strip()).toInstant().truncatedTo(ChronoUnit.MICROS);
            if (!time.isBefore(FIRST) && !time.isAfter(LAST)) {
                return Optional.of(time);
            }
        } catch (DateTimeException e) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", NO_TIME, e);
        }
        throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", NO_TIME);
    }
}
