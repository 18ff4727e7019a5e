package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import org.holdfast.contract.ClockReading;
import org.holdfast.contract.SecretKeys;
import org.holdfast.master.access.Access;

/** {@code GET /internal/v1/clock?nonce=…}: the time, sealed. Whose clock is wrong can't sign, so anybody may ask. */
@Access(Access.Level.PUBLIC)
@WebServlet(urlPatterns = ClockReading.PATH)
public class ClockServlet extends EndpointServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    transient SecretKeys keys;

    @Inject
    transient Clock clock;

    @Override
    protected void handle(Exchange exchange) throws IOException {
        if (!exchange.request().getMethod().equals("GET")) {
            refuseMethod(exchange, "GET");
            return;
        }
        String nonce =
                Query.parse(exchange.request().getQueryString()).text("nonce").orElse("");
        exchange.json(
                HttpServletResponse.SC_OK,
                ClockReading.of(nonce, clock.instant(), keys).toJson().toString());
    }
}
