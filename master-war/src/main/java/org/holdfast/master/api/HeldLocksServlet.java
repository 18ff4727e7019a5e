package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.LockBeat;
import org.holdfast.master.access.Access;
import org.holdfast.master.catalog.LockTransfers;
import org.holdfast.master.catalog.ProveLocks;
import org.holdfast.master.database.Contention;

/** {@code POST /internal/v1/locks}: a storage node tells which uploads' bytes flow, and which uploads have failed. */
@Access(Access.Level.CLUSTER)
@WebServlet(urlPatterns = HeldLocksServlet.PATH)
public class HeldLocksServlet extends EndpointServlet {
    static final String PATH = "/internal/v1/locks";
    private static final long serialVersionUID = 1L;

    @Inject
    transient LockTransfers lockTransfers;

    @Inject
    transient ProveLocks proveLocks;

    @Override
    protected void handle(Exchange exchange) throws IOException {
        if (!exchange.request().getMethod().equals("POST")) {
            refuseMethod(exchange, "POST");
            return;
        }
        var unused = exchange.query();
        LockBeat beat = read(exchange.body());
        if (!beat.all().allMatch(lock -> proveLocks.isHeldBy(exchange.member(), lock))) {
            throw HoldfastException.of(
                    FailureKind.FORBIDDEN, "not-yours", "A node renews the locks of its own uploads only.");
        }
        Contention.retryRun(() -> lockTransfers.renew(tokens(beat.renew())));
        Contention.retryRun(() -> lockTransfers.release(tokens(beat.release())));
        exchange.response().setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    private static List<Long> tokens(List<LockBeat.Held> locks) {
        return locks.stream().map(LockBeat.Held::token).toList();
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
