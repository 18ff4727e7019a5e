package org.holdfast.contract;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How the path of a request has to be written, so that all who look at it see the same endpoint and the same object.
 *
 * <p>A container finds the endpoint by the decoded path, without path parameters and dot segments, while the object is read
 * out of the raw one: {@code /api/v1/files;/ns/x} or {@code /api/v1/other/../files/ns/x} would be answered as
 * {@code /api/v1/files/ns/x} and look different to whoever records it. Names of objects may be written as people like, for
 * they are decoded in one place ({@link FileAddress}).
 */
public final class PlainPath {
    /** {@code /api/v1/files}: what comes before the first name of an object. */
    private static final int WORDS = 3;

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._~-]+");

    private PlainPath() {}

    /**
     * Refuses a path whose first three segments are more than plain words, or that has a dot segment anywhere.
     *
     * @param rawPath path of a request's URI, still percent-encoded, from the first slash on
     * @throws HoldfastException INVALID {@code invalid-name}
     */
    public static void require(String rawPath) {
        String[] segments = rawPath.split("/", -1);
        for (int at = 1; at < segments.length; at++) {
            boolean isEnd = at == segments.length - 1 && segments[at].isEmpty();
            boolean isOdd = at <= WORDS && !isEnd && !WORD.matcher(segments[at]).matches();
            if (isOdd || isDots(segments[at])) {
                throw HoldfastException.of(
                        FailureKind.INVALID,
                        "invalid-name",
                        "The path of the URL is not written plainly: no '.' or '..', and nothing encoded or added in"
                                + " front of the first name.");
            }
        }
    }

    private static boolean isDots(String segment) {
        int parameters = segment.indexOf(';');
        String name = parameters < 0 ? segment : segment.substring(0, parameters);
        String dots = name.toLowerCase(Locale.ROOT).replace("%2e", ".");
        return dots.equals(".") || dots.equals("..");
    }
}
