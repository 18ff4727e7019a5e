package org.holdfast.contract;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lists of entity tags in conditional requests (RFC 9110, section 13.1). Ours are strong and hold no comma: quoted
 * digests. What has no tag (null) is named by {@code *} alone.
 */
public final class EntityTags {
    private static final String ANY = "*";
    private static final String WEAK = "W/";

    private EntityTags() {}

    /** Whether {@code If-Match} names the tag: by strong comparison, for which a weak tag equals none. */
    public static boolean ifMatchNames(String header, @Nullable String etag) {
        return members(header, etag, false);
    }

    /** Whether {@code If-None-Match} names the tag: by weak comparison, for which {@code W/"a"} equals {@code "a"}. */
    public static boolean ifNoneMatchNames(String header, @Nullable String etag) {
        return members(header, etag, true);
    }

    private static boolean members(String header, @Nullable String etag, boolean weakly) {
        return Arrays.stream(header.split(",", -1))
                .map(String::strip)
                .anyMatch(tag -> tag.equals(ANY) || tag.equals(etag) || (weakly && tag.equals(WEAK + etag)));
    }
}
