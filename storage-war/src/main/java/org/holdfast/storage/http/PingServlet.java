package org.holdfast.storage.http;

import jakarta.json.JsonException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Ping;
import org.holdfast.storage.cluster.ClusterNews;
import org.holdfast.storage.cluster.Membership;
import org.holdfast.storage.cluster.SelfReport;

/**
 * {@code POST /internal/v1/ping}: the leading master's heartbeat. Touches neither a master nor any blob. 409 {@code
 * stale-leader} when a later leader has been heard.
 */
@Access(Access.Level.MEMBER)
final class PingServlet extends NodeServlet {
    static final String PATH = "/internal/v1/ping";

    private final transient ClusterNews news;
    private final transient SelfReport report;

    PingServlet(Membership membership, ClusterNews news, SelfReport report) {
        super(membership, Set.of("POST"));
        this.news = news;
        this.report = report;
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        news.take(read(signedBody(request)));
        Answers.json(response, HttpServletResponse.SC_OK, report.now().toJson().toString());
    }

    private static Ping read(byte[] body) {
        try (var reader = JsonText.reader(body)) {
            return Ping.fromJson(reader.readObject());
        } catch (JsonException e) {
            throw HoldfastException.of(FailureKind.INVALID, "invalid-parameter", "The body is not a heartbeat.", e);
        }
    }
}
