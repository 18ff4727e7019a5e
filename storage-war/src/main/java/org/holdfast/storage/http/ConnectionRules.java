package org.holdfast.storage.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.holdfast.contract.BodyFraming;
import org.holdfast.contract.BoundedConnection;
import org.holdfast.contract.ConnectionConfig;
import org.holdfast.contract.EarlyContinue;
import org.holdfast.contract.RequestHead;
import org.holdfast.contract.UnreadablePaths;
import org.holdfast.contract.WatchConnections;

/** What holds for every connection, whatever is asked for on it. */
final class ConnectionRules implements Filter {
    /** Name of the request's attribute that has the {@link ConnectionConfig}. */
    static final String CONFIG = "org.holdfast.connections";

    private final Duration patience;
    private final ConnectionConfig config;

    /** With so much patience for a reader that takes nothing. */
    ConnectionRules(Duration patience, ConnectionConfig config) {
        this.patience = patience;
        this.config = config;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        BoundedConnection.of(request, patience);
        EarlyContinue.atListenerOf(request);
        UnreadablePaths.atListenerOf(request);
        WatchConnections.atListenerOf(request, config.perAddress());
        request.setAttribute(CONFIG, config);
        var asked = (HttpServletRequest) request;
        Function<String, List<String>> headers = name -> Collections.list(asked.getHeaders(name));
        var refusal = RequestHead.refusal(request, headers)
                .or(() -> BodyFraming.refusal(request, headers.apply("Transfer-Encoding")));
        if (refusal.isPresent()) {
            Answers.bodyIsBroken(asked);
            Answers.problem(asked, (HttpServletResponse) response, refusal.get());
        } else {
            chain.doFilter(request, response);
        }
    }
}
