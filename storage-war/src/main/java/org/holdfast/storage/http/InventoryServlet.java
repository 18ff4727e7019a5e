package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
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
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<BlobId> after = parameter(request, "after").map(BlobId::new);
        int limit = parameter(request, "limit").map(InventoryServlet::limit).orElse(MAX_LIMIT);
        Answers.json(
                response,
                HttpServletResponse.SC_OK,
                store.inventory(after, limit).toJson().toString());
    }

    private static Optional<String> parameter(HttpServletRequest request, String name) {
        return Optional.ofNullable(request.getParameter(name)).filter(text -> !text.isEmpty());
    }

    private static int limit(String text) {
        if (text.matches("\\d{1,4}") && Integer.parseInt(text) >= 1) {
            return Math.min(MAX_LIMIT, Integer.parseInt(text));
        }
        throw HoldfastException.of(
                FailureKind.INVALID, "invalid-parameter", "The parameter limit must be a number from 1 to 5000.");
    }
}
