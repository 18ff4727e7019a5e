package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.holdfast.contract.Ping;
import org.holdfast.storage.catchup.FollowChanges;
import org.holdfast.storage.cluster.ClusterNews;
import org.holdfast.storage.cluster.Membership;
import org.holdfast.storage.cluster.SelfReport;

/**
 * {@code POST /internal/v1/ping}: the leading master's heartbeat. Touches neither a master nor any blob. 409 {@code
 * stale-leader} when a later leader has been heard. {@code GET} asks who is here, and is any master's: it brings no news.
 */
@Access(Access.Level.MASTER)
final class PingServlet extends NodeServlet {
    static final String PATH = "/internal/v1/ping";

    private final transient ClusterNews news;
    private final transient SelfReport report;
    private final transient FollowChanges changes;

    PingServlet(Membership membership, ClusterNews news, SelfReport report, FollowChanges changes) {
        super(membership, Set.of("GET", "POST"));
        this.news = news;
        this.report = report;
        this.changes = changes;
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getMethod().equals("POST")) {
            Ping ping = read(signedBody(request), Ping::fromJson);
            news.take(ping);
            changes.hear(ping.headSeq());
        }
        Answers.json(response, HttpServletResponse.SC_OK, report.now().toJson().toString());
    }
}
