package org.holdfast.storage.http;

import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.holdfast.contract.CaughtUp;
import org.holdfast.storage.catchup.FollowChanges;
import org.holdfast.storage.cluster.Membership;

/**
 * {@code POST /internal/v1/catch-up} with {@code {"head": seq}}: the node applies the changes up to this one, as far as
 * it gets; with {@code {"reconciled": seq}} it goes on from there. Answers a {@link CaughtUp}.
 */
@Access(Access.Level.MASTER)
final class CatchUpServlet extends NodeServlet {
    static final String PATH = "/internal/v1/catch-up";
    private static final String RECONCILED = "reconciled";

    private final transient FollowChanges changes;

    CatchUpServlet(Membership membership, FollowChanges changes) {
        super(membership, Set.of("POST"));
        this.changes = changes;
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        CaughtUp reached = read(signedBody(request), this::catchUp);
        Answers.json(response, HttpServletResponse.SC_OK, reached.toJson().toString());
    }

    private CaughtUp catchUp(JsonObject body) {
        return body.containsKey(RECONCILED)
                ? changes.reconciled(body.getJsonNumber(RECONCILED).longValueExact())
                : changes.catchUp(body.getJsonNumber("head").longValueExact());
    }
}
