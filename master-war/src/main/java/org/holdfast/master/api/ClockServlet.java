package org.holdfast.master.api;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import org.holdfast.contract.ClockReading;
import org.holdfast.contract.MasterKeys;
import org.holdfast.contract.Query;
import org.holdfast.contract.SecretKeys;
import org.holdfast.master.access.Access;
import org.holdfast.master.cluster.ClusterView;
import org.holdfast.master.cluster.NodeView;

/** {@code GET /internal/v1/clock?node=…&nonce=…}: the time, sealed for one node. Whose clock is wrong can't sign, so anybody may ask. */
@Access(Access.Level.PUBLIC)
@WebServlet(urlPatterns = ClockReading.PATH)
public class ClockServlet extends EndpointServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    transient MasterKeys keys;

    @Inject
    transient ClusterView cluster;

    @Inject
    transient Clock clock;

    @Override
    protected void handle(Exchange exchange) throws IOException {
        if (!exchange.request().getMethod().equals("GET")) {
            refuseMethod(exchange, "GET");
            return;
        }
        Query query = exchange.query("node", "nonce");
        String nonce = query.text("nonce").orElse("");
        NodeView node = cluster.require(query.text("node").orElse(""));
        SecretKeys own = keys.ofNode(node.name(), node.diskUuid()).clock();
        exchange.json(
                HttpServletResponse.SC_OK,
                ClockReading.of(nonce, clock.instant(), own).toJson().toString());
    }
}
