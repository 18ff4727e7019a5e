package org.holdfast.master.api;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.holdfast.contract.LocalName;

/**
 * Says to browsers, with every answer, what they must not do: guess types, tell where they came from, show us in a frame
 * or to pages of other origins, keep what the API answers, or, once within TLS, come back without it (RFC 6797), unless it
 * is this machine itself. No header
 * lets pages of other origins read our answers (CORS), and there are no cookies; {@link ForeignPages} sees to what browsers
 * add by themselves all the same.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class SecurityHeaders implements Filter {
    private static final String ONE_YEAR = "max-age=31536000";

    /** The console's own files and what they ask this master; downloads are links, not frames. */
    private static final String CONTENT =
            "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = ((HttpServletRequest) request).getRequestURI();
        boolean isApi = path.startsWith("/api/") || path.startsWith("/internal/");
        boolean staysSecure = request.isSecure() && !LocalName.is(request.getServerName());
        chain.doFilter(request, new Lasting((HttpServletResponse) response, staysSecure, isApi));
    }

    /** A response that keeps them when a failure throws away what was prepared. */
    private static final class Lasting extends HttpServletResponseWrapper {
        private final boolean staysSecure;
        private final boolean isApi;

        Lasting(HttpServletResponse response, boolean staysSecure, boolean isApi) {
            super(response);
            this.staysSecure = staysSecure;
            this.isApi = isApi;
            tell();
        }

        @Override
        public void reset() {
            super.reset();
            tell();
        }

        private void tell() {
            setHeader("X-Content-Type-Options", "nosniff");
            setHeader("Referrer-Policy", "no-referrer");
            setHeader("Content-Security-Policy", CONTENT);
            setHeader("X-Frame-Options", "DENY");
            setHeader("Cross-Origin-Opener-Policy", "same-origin");
            setHeader("Cross-Origin-Resource-Policy", "same-origin");
            if (isApi) {
                setHeader("Cache-Control", "no-store");
            }
            if (staysSecure) {
                setHeader("Strict-Transport-Security", ONE_YEAR);
            }
        }
    }
}
