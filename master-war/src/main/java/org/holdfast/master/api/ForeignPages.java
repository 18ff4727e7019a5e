package org.holdfast.master.api;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what pages of other origins make a browser do in its user's name (CSRF). Only what a browser adds by itself is
 * in danger: a password that it has asked for once (Basic), or a certificate. A session's token is added by a page of ours.
 *
 * <p>Browsers tell with each request where it comes from: by {@code Sec-Fetch-Site} (W3C Fetch Metadata), older ones by
 * {@code Origin} (RFC 6454). Programs tell neither and are let through.
 */
final class ForeignPages {
    /** From a page of ours, or typed and clicked by the user. */
    private static final Set<String> OWN = Set.of("same-origin", "none");

    private static final String BASIC = "Basic ";

    private ForeignPages() {}

    /** Lets a request pass; FORBIDDEN {@code foreign-page} otherwise. */
    static void refuse(HttpServletRequest request) {
        if (AuditRules.changes(request.getMethod()) && isSignedByBrowser(request) && isForeign(request)) {
            throw HoldfastException.of(
                    FailureKind.FORBIDDEN,
                    "foreign-page",
                    "A page of another site has sent this; changes are taken from pages of this server only.");
        }
    }

    private static boolean isSignedByBrowser(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        return authorization == null
                ? ShownCertificate.of(request).isPresent()
                : authorization.regionMatches(true, 0, BASIC, 0, BASIC.length());
    }

    private static boolean isForeign(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return !OWN.contains(site.toLowerCase(Locale.ROOT));
        }
        String origin = request.getHeader("Origin");
        return origin != null && !isHere(origin, request.getHeader("Host"));
    }

    /** Without the scheme: a proxy in front of us may speak TLS in our stead. */
    private static boolean isHere(String origin, @Nullable String host) {
        try {
            return host != null && host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
