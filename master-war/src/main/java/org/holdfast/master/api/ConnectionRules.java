package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.holdfast.contract.BodyFraming;
import org.holdfast.contract.BoundedConnection;
import org.holdfast.contract.ConnectionConfig;
import org.holdfast.contract.CutConnection;
import org.holdfast.contract.EarlyContinue;
import org.holdfast.contract.RequestHead;
import org.holdfast.contract.UnreadablePaths;
import org.holdfast.contract.WatchConnections;
import org.holdfast.master.catalog.DownloadConfig;

/** What holds for every connection, whatever is asked for on it. */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class ConnectionRules implements Filter {
    private static final Logger LOG = Logger.getLogger(ConnectionRules.class.getName());

    @Inject
    DownloadConfig config;

    @Inject
    ConnectionConfig connections;

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        BoundedConnection.of(request, config.rate().patience());
        EarlyContinue.atListenerOf(request);
        UnreadablePaths.atListenerOf(request);
        WatchConnections.atListenerOf(request, connections.perAddress());
        var asked = (HttpServletRequest) request;
        var answer = (HttpServletResponse) response;
        Function<String, List<String>> headers = name -> Collections.list(asked.getHeaders(name));
        var refusal = RequestHead.refusal(request, headers)
                .or(() -> BodyFraming.refusal(request, headers.apply("Transfer-Encoding")));
        if (refusal.isPresent()) {
            answer.setHeader("Connection", "close");
            EndpointServlet.write(answer, refusal.get());
        } else {
            pass(asked, answer, chain);
        }
    }

    private void pass(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(
                    new PromptRequest(request, connections.bodyDeadline()), new PacedAnswer(response, config.rate()));
        } catch (IOException | ServletException | RuntimeException e) {
            if (CutConnection.isOpen(request)) {
                throw e;
            }
            LOG.log(Level.FINE, "the client has gone", e);
        }
    }
}
