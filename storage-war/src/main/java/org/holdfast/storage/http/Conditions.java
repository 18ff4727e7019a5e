package org.holdfast.storage.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import org.holdfast.contract.EntityTags;
import org.jspecify.annotations.Nullable;

/**
 * The conditional part of a GET or HEAD (RFC 9110, section 13), as the headers' raw values. Pure.
 *
 * @param ifMatch or null
 * @param ifNoneMatch or null
 * @param ifModifiedSince or null
 * @param ifUnmodifiedSince or null
 * @param ifRange or null
 */
record Conditions(
        @Nullable String ifMatch,
        @Nullable String ifNoneMatch,
        @Nullable String ifModifiedSince,
        @Nullable String ifUnmodifiedSince,
        @Nullable String ifRange) {

    /** The JDK's RFC_1123_DATE_TIME writes days below ten with one digit, which HTTP forbids. */
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    /** What follows. */
    enum Verdict {
        SEND,
        NOT_MODIFIED,
        FAILED
    }

    /** Evaluates in the order of RFC 9110, section 13.2.2. */
    Verdict judge(String etag, Instant lastModified) {
        Instant modified = lastModified.truncatedTo(ChronoUnit.SECONDS);
        boolean failed = ifMatch != null
                ? !EntityTags.ifMatchNames(ifMatch, etag)
                : httpDate(ifUnmodifiedSince).filter(modified::isAfter).isPresent();
        if (failed) {
            return Verdict.FAILED;
        }
        boolean unchanged = ifNoneMatch != null
                ? EntityTags.ifNoneMatchNames(ifNoneMatch, etag)
                : httpDate(ifModifiedSince)
                        .filter(since -> !modified.isAfter(since))
                        .isPresent();
        return unchanged ? Verdict.NOT_MODIFIED : Verdict.SEND;
    }

    /** Whether a {@code Range} header counts: what the client has a part of is still what is here. */
    boolean rangeCounts(String etag, Instant lastModified) {
        if (ifRange == null) {
            return true;
        }
        if (ifRange.startsWith("\"") || ifRange.startsWith("W/")) {
            return ifRange.strip().equals(etag);
        }
        return httpDate(ifRange)
                .filter(date -> date.equals(lastModified.truncatedTo(ChronoUnit.SECONDS)))
                .isPresent();
    }

    /** A malformed date is as good as none. */
    private static Optional<Instant> httpDate(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The form of RFC 9110, section 5.6.7. */
    static String format(Instant instant) {
        return HTTP_DATE.format(instant.truncatedTo(ChronoUnit.SECONDS).atZone(ZoneOffset.UTC));
    }
}
