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
import org.holdfast.contract.BodyFraming;
import org.holdfast.contract.BoundedConnection;
import org.holdfast.contract.EarlyContinue;
import org.holdfast.contract.RequestHead;
import org.holdfast.contract.UnreadablePaths;
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
        EarlyContinue.atListenerOf(request);
        UnreadablePaths.atListenerOf(request);
        var asked = (HttpServletRequest) request;
        var answer = (HttpServletResponse) response;
        Function<String, List<String>> headers = name -> Collections.list(asked.getHeaders(name));
        var refusal = RequestHead.refusal(request, headers)
                .or(() -> BodyFraming.refusal(request, headers.apply("Transfer-Encoding")));
        if (refusal.isPresent()) {
            answer.setHeader("Connection", "close");
            EndpointServlet.write(answer, refusal.get());
        } else {
            chain.doFilter(request, new PacedAnswer(answer, config.rate()));
        }
    }
}
