package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.json.JsonException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.List;
import org.holdfast.contract.AuditRecord;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.master.access.Access;
import org.holdfast.master.audit.StoreAudit;

/**
 * {@code POST /internal/v1/audit}: a storage node hands over records of what it sent and took in. Answered when they are
 * stored; one that is handed over again is stored once.
 */
@Access(Access.Level.CLUSTER)
@WebServlet(AuditRecord.PATH)
public class AuditServlet extends EndpointServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    transient StoreAudit audit;

    @Override
    protected void handle(Exchange exchange) throws IOException {
        if (!exchange.request().getMethod().equals("POST")) {
            refuseMethod(exchange, "POST");
            return;
        }
        var unused = exchange.query();
        List<AuditRecord> records = read(exchange.body());
        records.forEach(record -> exchange.requireOwn(record.component()));
        if (!records.isEmpty()) {
            audit.store(records);
        }
        exchange.response().setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    private static List<AuditRecord> read(byte[] body) {
        try (var reader = JsonText.reader(new String(body, StandardCharsets.UTF_8))) {
            List<AuditRecord> records = AuditRecord.ofBatch(reader.readObject());
            if (records.size() <= AuditRecord.MAX_BATCH) {
                return records;
            }
        } catch (JsonException
                | NullPointerException
                | ClassCastException
                | IllegalArgumentException
                | ArithmeticException
                | DateTimeException e) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "The body does not hold records of an audit log.", e);
        }
        throw HoldfastException.of(
                FailureKind.INVALID,
                "invalid-parameter",
                "At most " + AuditRecord.MAX_BATCH + " records can be handed over at once.");
    }
}
