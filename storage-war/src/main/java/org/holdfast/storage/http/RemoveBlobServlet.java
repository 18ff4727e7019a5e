package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.holdfast.contract.BlobId;
import org.holdfast.storage.cluster.Membership;
import org.holdfast.storage.cluster.Undecided;
import org.holdfast.storage.store.BlobStore;

/** {@code DELETE /internal/v1/blobs/{id}}: 204, also when it was not there. */
@Access(Access.Level.MEMBER)
final class RemoveBlobServlet extends NodeServlet {
    static final String PREFIX = "/internal/v1/blobs/";

    private final transient BlobStore store;
    private final transient Undecided undecided;

    RemoveBlobServlet(Membership membership, BlobStore store, Undecided undecided) {
        super(membership, Set.of("DELETE"));
        this.store = store;
        this.undecided = undecided;
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var id = new BlobId(request.getRequestURI().substring(PREFIX.length()));
        undecided.alone(id, () -> store.remove(id));
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }
}
