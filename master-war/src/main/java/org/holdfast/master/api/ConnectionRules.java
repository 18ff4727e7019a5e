package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.holdfast.contract.BoundedConnection;
import org.holdfast.master.catalog.DownloadConfig;

/** What holds for every connection, whatever is asked for on it. */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class ConnectionRules implements Filter {
    @Inject
    DownloadConfig config;

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        BoundedConnection.of(request, config.rate().patience());
        chain.doFilter(request, new PacedAnswer((HttpServletResponse) response, config.rate()));
    }
}
