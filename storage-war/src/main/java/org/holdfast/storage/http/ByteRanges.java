package org.holdfast.storage.http;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which parts of a representation a {@code Range} header asks for (RFC 9110, section 14). Pure.
 *
 * @param parts in the order asked for, within the representation; empty when none of them can be satisfied
 */
record ByteRanges(List<Part> parts) {
    /** More ranges than any honest client asks for; a header with more is ignored, as RFC 9110 14.2 allows. */
    static final int MAX_RANGES = 64;

    private static final Pattern SPEC = Pattern.compile("\\s*(\\d*)\\s*-\\s*(\\d*)\\s*");
    private static final BigInteger FARTHEST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final String UNIT = "bytes=";

    ByteRanges {
        parts = List.copyOf(parts);
    }

    /**
     * A closed interval of positions.
     *
     * @param first first position, from 0
     * @param last last position, inclusive
     */
    record Part(long first, long last) {
        long lengthBytes() {
            return last - first + 1;
        }

        /** Value of {@code Content-Range}. */
        String contentRange(long sizeBytes) {
            return "bytes " + first + "-" + last + "/" + sizeBytes;
        }
    }

    /**
     * Reads a header.
     *
     * @return empty when the whole representation is to be sent: there is no header, it has another unit or is
     *     malformed, or it asks for more than the whole (overlapping ranges would multiply the traffic). So it is when there
     *     are no bytes: clients that ask for a beginning of everything, players and caches, take 416 for a failure
     */
    static Optional<ByteRanges> parse(@Nullable String header, long sizeBytes) {
        if (header == null || sizeBytes == 0 || !header.toLowerCase(Locale.ROOT).startsWith(UNIT)) {
            return Optional.empty();
        }
        String[] specs = header.substring(UNIT.length()).split(",", -1);
        if (specs.length > MAX_RANGES) {
            return Optional.empty();
        }
        var parts = new ArrayList<Part>();
        for (String spec : specs) {
            Matcher matcher = SPEC.matcher(spec);
            if (!matcher.matches()
                    || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
                return Optional.empty();
            }
            if (isBackwards(matcher)) {
                return Optional.empty();
            }
            part(matcher, sizeBytes).ifPresent(parts::add);
        }
        // Not by their sum, which may be more than a number holds.
        long leftBytes = sizeBytes;
        for (Part part : parts) {
            if (part.lengthBytes() > leftBytes) {
                return Optional.empty();
            }
            leftBytes -= part.lengthBytes();
        }
        return Optional.of(new ByteRanges(parts));
    }

    private static boolean isBackwards(Matcher spec) {
        return !spec.group(1).isEmpty()
                && !spec.group(2).isEmpty()
                && new BigInteger(spec.group(1)).compareTo(new BigInteger(spec.group(2))) > 0;
    }

    private static Optional<Part> part(Matcher spec, long sizeBytes) {
        if (spec.group(1).isEmpty()) {
            long suffix = Math.min(position(spec.group(2)), sizeBytes);
            return suffix == 0 ? Optional.empty() : Optional.of(new Part(sizeBytes - suffix, sizeBytes - 1));
        }
        long first = position(spec.group(1));
        long last = spec.group(2).isEmpty() ? Long.MAX_VALUE : position(spec.group(2));
        return first >= sizeBytes ? Optional.empty() : Optional.of(new Part(first, Math.min(last, sizeBytes - 1)));
    }

    /** As far as it matters: no file is longer than the largest number. */
    private static long position(String digits) {
        return new BigInteger(digits).min(FARTHEST).longValueExact();
    }
}
