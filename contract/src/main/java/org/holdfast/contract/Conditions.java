package org.holdfast.contract;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The conditional part of a request (RFC 9110, section 13), as the headers' raw values: read and judged here for every
 * method of every endpoint. Pure.
 *
 * @param ifMatch or null
 * @param ifNoneMatch or null
 * @param ifModifiedSince or null
 * @param ifUnmodifiedSince or null
 * @param ifRange or null
 */
public record Conditions(
        @Nullable String ifMatch,
        @Nullable String ifNoneMatch,
        @Nullable String ifModifiedSince,
        @Nullable String ifUnmodifiedSince,
        @Nullable String ifRange) {
    /** Of a request that has none. */
    public static final Conditions NONE = new Conditions(null, null, null, null, null);

    /** Names of the headers, for those who pass requests on. */
    public static final List<String> HEADERS =
            List.of("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range");

    /** What follows for a GET or HEAD. */
    public enum Verdict {
        SEND,
        NOT_MODIFIED,
        FAILED
    }

    /**
     * What is there now.
     *
     * @param etag quoted entity tag; null for a folder, which has none
     * @param modifiedAt when it became so; null where that is not known
     */
    public record Current(@Nullable String etag, @Nullable Instant modifiedAt) {
        /** A folder, or whatever else has neither. */
        public static final Current WITHOUT_VALIDATORS = new Current(null, null);
    }

    /** Those of a request; a list that is sent in several lines is one (RFC 9110, section 5.3). */
    public static Conditions of(Function<String, List<String>> headers) {
        return new Conditions(
                line(headers, "If-Match"),
                line(headers, "If-None-Match"),
                line(headers, "If-Modified-Since"),
                line(headers, "If-Unmodified-Since"),
                line(headers, "If-Range"));
    }

    private static @Nullable String line(Function<String, List<String>> headers, String name) {
        List<String> lines = headers.apply(name);
        return lines.isEmpty() ? null : String.join(", ", lines);
    }

    /** Those that count for a change; the others are for GET and HEAD alone. */
    public Conditions ofChange() {
        return new Conditions(ifMatch, ifNoneMatch, null, ifUnmodifiedSince, null);
    }

    /** Judges a GET or HEAD, in the order of RFC 9110, section 13.2.2. */
    public Verdict judge(String etag, Instant lastModified) {
        if (failsBefore(new Current(etag, lastModified)).isPresent()) {
            return Verdict.FAILED;
        }
        boolean unchanged = ifNoneMatch != null
                ? EntityTags.ifNoneMatchNames(ifNoneMatch, etag)
                : date(ifModifiedSince)
                        .filter(since -> !seconds(lastModified).isAfter(since))
                        .isPresent();
        return unchanged ? Verdict.NOT_MODIFIED : Verdict.SEND;
    }

    /**
     * Judges a change, in the same order.
     *
     * @param there what would be changed; null when nothing is there
     * @return the header whose condition does not hold; empty when the change may be done
     */
    public Optional<String> unmet(@Nullable Current there) {
        Optional<String> failed = failsBefore(there);
        boolean isNamed =
                ifNoneMatch != null && there != null && EntityTags.ifNoneMatchNames(ifNoneMatch, there.etag());
        return failed.isEmpty() && isNamed ? Optional.of("If-None-Match") : failed;
    }

    private Optional<String> failsBefore(@Nullable Current there) {
        if (ifMatch != null) {
            return there != null && EntityTags.ifMatchNames(ifMatch, there.etag())
                    ? Optional.empty()
                    : Optional.of("If-Match");
        }
        boolean changed = there != null
                && there.modifiedAt() != null
                && date(ifUnmodifiedSince)
                        .filter(seconds(there.modifiedAt())::isAfter)
                        .isPresent();
        return changed ? Optional.of("If-Unmodified-Since") : Optional.empty();
    }

    /** Whether a {@code Range} header counts: what the client has a part of is still what is here. */
    public boolean rangeCounts(String etag, Instant lastModified) {
        if (ifRange == null) {
            return true;
        }
        if (ifRange.startsWith("\"") || ifRange.startsWith("W/")) {
            return ifRange.strip().equals(etag);
        }
        return date(ifRange).filter(seconds(lastModified)::equals).isPresent();
    }

    private static Instant seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    private static Optional<Instant> date(@Nullable String text) {
        return text == null ? Optional.empty() : HttpDate.parse(text);
    }
}
