package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.holdfast.storage.cluster.Membership;

/** Everything that is nothing else: 404. */
@Access(Access.Level.PUBLIC)
final class UnknownPathServlet extends NodeServlet {
    static final String NOTHING_HERE = "There is nothing at this address of a storage node.";

    UnknownPathServlet(Membership membership) {
        super(membership, Set.of("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"));
    }

    @Override
    void requireKnown(HttpServletRequest request) {}

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        throw Answers.notFound(NOTHING_HERE);
    }
}
