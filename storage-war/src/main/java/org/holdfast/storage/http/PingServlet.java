package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.holdfast.storage.cluster.Membership;
import org.holdfast.storage.store.BlobStore;

/** {@code GET /internal/v1/ping}: the heartbeat. Touches neither a master nor any blob. */
@Access(Access.Level.MEMBER)
final class PingServlet extends NodeServlet {
    private final transient BlobStore store;

    PingServlet(Membership membership, BlobStore store) {
        super(membership, Set.of("GET"));
        this.store = store;
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Answers.json(
                response,
                HttpServletResponse.SC_OK,
                membership().report(store.space()).toJson().toString());
    }
}
