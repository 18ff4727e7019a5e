package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Ping;
import org.holdfast.storage.cluster.ClusterNews;
import org.holdfast.storage.cluster.Membership;

/** {@code GET /internal/v1/peers}: who leads, and how the other nodes are, as this node last heard it. */
@Access(Access.Level.MASTER)
final class PeersServlet extends NodeServlet {
    static final String PATH = "/internal/v1/peers";

    private final transient ClusterNews news;

    PeersServlet(Membership membership, ClusterNews news) {
        super(membership, Set.of("GET"));
        this.news = news;
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var json = JsonText.object()
                .add("masters", JsonText.array(membership().masters()))
                .add(
                        "peers",
                        JsonText.array(
                                news.peers().stream().map(Ping.Peer::toJson).toList()));
        news.last()
                .map(Ping::leader)
                .ifPresent(leader -> json.add("leader", leader.name()).add("token", leader.token()));
        Answers.json(response, HttpServletResponse.SC_OK, json.build().toString());
    }
}
