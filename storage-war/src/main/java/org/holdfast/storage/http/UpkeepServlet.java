package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.holdfast.contract.BlobFacts;
import org.holdfast.contract.BlobId;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Problem;
import org.holdfast.storage.cluster.Membership;
import org.holdfast.storage.cluster.Undecided;
import org.holdfast.storage.store.BlobStore;
import org.holdfast.storage.store.VerifyBlob;

/**
 * What the cluster does to single blobs. {@code DELETE /internal/v1/blobs/{id}}: 204, also when it was not there; with
 * {@code ?stage=uncommitted} a committed blob stays. {@code POST /internal/v1/blobs/{id}/verify} with its facts as body:
 * 204 when its digests, computed from disk, are right; 422 when they are wrong and it is now in quarantine; 410 when it
 * is not here. {@code POST /internal/v1/blobs/{id}/quarantine} with a {@code reason}: 204, or 410 when it is not here.
 */
@Access(Access.Level.MEMBER)
final class UpkeepServlet extends NodeServlet {
    static final String PREFIX = "/internal/v1/blobs/";
    private static final String VERIFY = "/verify";
    private static final String QUARANTINE = "/quarantine";
    private static final String UNCOMMITTED = "stage=uncommitted";

    private final transient BlobStore store;
    private final transient Undecided undecided;
    private final transient VerifyBlob verifyBlob;

    UpkeepServlet(Membership membership, BlobStore store, Undecided undecided) {
        super(membership, Set.of("DELETE", "POST"));
        this.store = store;
        this.undecided = undecided;
        this.verifyBlob = new VerifyBlob(store);
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getRequestURI().substring(PREFIX.length());
        if (request.getMethod().equals("DELETE")) {
            var id = new BlobId(path);
            boolean uncommittedOnly = UNCOMMITTED.equals(request.getQueryString());
            undecided.alone(id, () -> uncommittedOnly ? store.withdraw(id) : store.remove(id));
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else if (path.endsWith(QUARANTINE)) {
            quarantine(new BlobId(path.substring(0, path.length() - QUARANTINE.length())), request, response);
        } else {
            verify(path, request, response);
        }
    }

    private void quarantine(BlobId id, HttpServletRequest request, HttpServletResponse response) throws IOException {
        String reason = read(signedBody(request), body -> body.getString("reason"));
        if (undecided.alone(id, () -> store.quarantine(id, reason))) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else {
            Answers.problem(request, response, gone());
        }
    }

    private void verify(String path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        BlobFacts expected = read(signedBody(request), BlobFacts::fromJson);
        if (!path.equals(expected.id() + VERIFY)) {
            throw HoldfastException.of(FailureKind.NOT_FOUND, "not-found", "There is nothing at this address.");
        }
        switch (verifyBlob.verify(expected)) {
            case GOOD -> response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            case BAD ->
                throw HoldfastException.of(
                        FailureKind.CORRUPT, "digest-mismatch", "The copy was bad and is in quarantine now.");
            case MISSING -> Answers.problem(request, response, gone());
        }
    }

    /** 410 and not 404, which anything that answers at this address may say. */
    private static Problem gone() {
        return new Problem(
                HttpServletResponse.SC_GONE, "Gone", "This node does not have the blob.", "gone", Optional.empty());
    }
}
