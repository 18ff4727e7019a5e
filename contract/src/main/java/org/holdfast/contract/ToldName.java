package org.holdfast.contract;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who somebody says to be, for records of refusals. Nobody has checked it. */
public final class ToldName {
    private static final String BASIC = "Basic ";

    private ToldName() {}

    /**
     * The name in an {@code Authorization} header of the scheme Basic (RFC 7617), never the password; empty for other
     * headers, and for one that can't be understood.
     */
    public static Optional<String> of(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.empty();
        }
        try {
            byte[] pair = Base64.getDecoder()
                    .decode(authorization.substring(BASIC.length()).strip());
            String text = new String(pair, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            // Without a colon it may be anything, a password too.
            return colon < 0 ? Optional.empty() : Optional.of(text.substring(0, colon));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
