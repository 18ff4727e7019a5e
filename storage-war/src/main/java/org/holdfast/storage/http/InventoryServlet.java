package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.Query;
import org.holdfast.storage.cluster.Membership;
import org.holdfast.storage.store.BlobStore;

/** {@code GET /internal/v1/inventory?after=&limit=}: which committed blobs lie here? */
@Access(Access.Level.MASTER)
final class InventoryServlet extends NodeServlet {
    static final String PATH = "/internal/v1/inventory";

    private static final int MAX_LIMIT = 5000;

    private final transient BlobStore store;

    InventoryServlet(Membership membership, BlobStore store) {
        super(membership, Set.of("GET"));
        this.store = store;
    }

    @Override
    Set<String> parameters() {
        return Set.of("after", "limit");
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Query query = Query.parse(request.getQueryString());
        Answers.json(
                response,
                HttpServletResponse.SC_OK,
                store.inventory(query.text("after").map(BlobId::new), (int)
                                query.number("limit", MAX_LIMIT, 1, MAX_LIMIT))
                        .toJson()
                        .toString());
    }
}
