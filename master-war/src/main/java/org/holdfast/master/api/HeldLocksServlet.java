package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.LockBeat;
import org.holdfast.master.access.Access;
import org.holdfast.master.catalog.LockTransfers;
import org.holdfast.master.database.Contention;

/** {@code POST /internal/v1/locks}: a storage node tells which uploads' bytes flow, and which uploads have failed. */
@Access(Access.Level.CLUSTER)
@WebServlet(urlPatterns = HeldLocksServlet.PATH)
public class HeldLocksServlet extends EndpointServlet {
    static final String PATH = "/internal/v1/locks";
    private static final long serialVersionUID = 1L;

    @Inject
    transient LockTransfers lockTransfers;

    @Override
    protected void handle(Exchange exchange) throws IOException {
        if (!exchange.request().getMethod().equals("POST")) {
            refuseMethod(exchange, "POST");
            return;
        }
        LockBeat beat = read(exchange.body());
        Contention.retryRun(() -> lockTransfers.renew(beat.renew()));
        Contention.retryRun(() -> lockTransfers.release(beat.release()));
        exchange.response().setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    private static LockBeat read(byte[] body) {
        try (var reader = JsonText.reader(body)) {
            return LockBeat.fromJson(reader.readObject());
        } catch (JsonException | NullPointerException | ClassCastException | ArithmeticException e) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "The body is not the JSON that this endpoint takes.", e);
        }
    }
}
