package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.holdfast.contract.ChangePage;
import org.holdfast.contract.Problem;
import org.holdfast.contract.Query;
import org.holdfast.master.access.Access;
import org.holdfast.master.catalog.ReadChanges;

/**
 * {@code GET /internal/v1/changes?after=&limit=}: a storage node asks what has changed; 410 {@code changes-trimmed} when
 * the log does not reach back so far.
 */
@Access(Access.Level.CLUSTER)
@WebServlet(ChangesServlet.PATH)
public class ChangesServlet extends EndpointServlet {
    static final String PATH = "/internal/v1/changes";
    private static final long serialVersionUID = 1L;
    private static final int MAX_PAGE = 1_000;

    @Inject
    transient ReadChanges changes;

    @Override
    protected void handle(Exchange exchange) throws IOException {
        if (!exchange.request().getMethod().equals("GET")) {
            refuseMethod(exchange, "GET");
            return;
        }
        Query query = exchange.query("after", "limit");
        Optional<ChangePage> page = changes.after(
                query.number("after", 0, 0, Long.MAX_VALUE - 1), (int) query.number("limit", MAX_PAGE, 1, MAX_PAGE));
        if (page.isPresent()) {
            exchange.json(HttpServletResponse.SC_OK, page.get().toJson().toString());
        } else {
            write(
                    exchange.response(),
                    new Problem(
                            HttpServletResponse.SC_GONE,
                            "Gone",
                            "The change log does not have what follows this number; compare everything.",
                            "changes-trimmed",
                            Optional.empty()));
        }
    }
}
