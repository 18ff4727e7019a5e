package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.holdfast.contract.Challenge;
import org.holdfast.contract.CopyProof;
import org.holdfast.contract.JsonText;
import org.holdfast.storage.cluster.Membership;
import org.holdfast.storage.store.BlobStore;
import org.holdfast.storage.store.ProveCopies;

/** {@code POST /internal/v1/challenges}: what lies on the disk? Takes as long as it takes to read the blobs. */
@Access(Access.Level.MASTER)
final class ChallengeServlet extends NodeServlet {
    static final String PATH = "/internal/v1/challenges";

    private final transient ProveCopies copies;

    ChallengeServlet(Membership membership, BlobStore store) {
        super(membership, Set.of("POST"));
        this.copies = new ProveCopies(store);
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Challenge challenge = read(signedBody(request), Challenge::fromJson);
        var proofs = copies.prove(challenge).stream().map(CopyProof::toJson).toList();
        Answers.json(
                response,
                HttpServletResponse.SC_OK,
                JsonText.object().add("proofs", JsonText.array(proofs)).build().toString());
    }
}
