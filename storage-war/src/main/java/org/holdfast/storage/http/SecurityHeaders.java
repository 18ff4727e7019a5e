package org.holdfast.storage.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.holdfast.contract.LocalName;

/**
 * Says to browsers, with every answer, what they must not do: guess types, tell where they came from, show us in a frame
 * or, once within TLS, come back without it (RFC 6797), unless it is this machine itself. Pages of other origins may use (CORS) what a ticket opens, and
 * nothing else; there are no cookies. Nothing that a browser adds by itself opens anything here.
 */
final class SecurityHeaders implements Filter {
    private static final String ONE_YEAR = "max-age=31536000";

    /** A node shows no pages. */
    private static final String CONTENT = "default-src 'none'; frame-ancestors 'none'";

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, new Lasting((HttpServletResponse) response, (HttpServletRequest) request));
    }

    /** A response that keeps them when a failure throws away what was prepared. */
    private static final class Lasting extends HttpServletResponseWrapper {
        private final HttpServletRequest request;

        Lasting(HttpServletResponse response, HttpServletRequest request) {
            super(response);
            this.request = request;
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
            if (request.isSecure() && !LocalName.is(request.getServerName())) {
                setHeader("Strict-Transport-Security", ONE_YEAR);
            }
            // A failure, where a ticket was good.
            if (request.getRequestURI().startsWith(BlobServlet.PREFIX) && NodeServlet.ticketOrNull(request) != null) {
                BlobServlet.openToPages(this);
            }
        }
    }
}
