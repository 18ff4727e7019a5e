package org.holdfast.storage.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.holdfast.contract.BoundedConnection;

/** What holds for every connection, whatever is asked for on it. */
final class ConnectionRules implements Filter {
    private final Duration patience;

    /** With so much patience for a reader that takes nothing. */
    ConnectionRules(Duration patience) {
        this.patience = patience;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        BoundedConnection.of(request, patience);
        chain.doFilter(request, response);
    }
}
