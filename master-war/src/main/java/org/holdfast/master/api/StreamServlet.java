package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;
import org.holdfast.master.access.Access;

/**
 * {@code GET /api/v1/stream}: tells, as server-sent events, what should be asked for again. An event is named after what
 * has changed; at most one of each a second.
 */
@Access(Access.Level.SIGNED_IN)
@WebServlet(urlPatterns = StreamServlet.PATH, asyncSupported = true)
public class StreamServlet extends EndpointServlet {
    static final String PATH = "/api/v1/stream";
    private static final long serialVersionUID = 1L;

    @Inject
    transient LiveStreams streams;

    @Override
    protected void handle(Exchange exchange) throws IOException {
        HttpServletRequest request = exchange.request();
        if (!request.getMethod().equals("GET")) {
            refuseMethod(exchange, "GET");
            return;
        }
        var unused = exchange.query();
        var shown = new Gate.Request(
                request.getMethod(), PATH, request.getHeader("Authorization"), client(request), Optional.empty());
        streams.open(exchange.caller(), shown, () -> {
            exchange.response().setContentType("text/event-stream");
            exchange.response().setCharacterEncoding("UTF-8");
            return request.startAsync();
        });
    }
}
