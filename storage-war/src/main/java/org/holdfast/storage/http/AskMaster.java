package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.holdfast.contract.CertifiedName;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.Problem;
import org.holdfast.storage.cluster.Membership;

/** Passes a client's question on to a master with the client's own credentials. */
final class AskMaster {
    private static final Logger LOG = System.getLogger(AskMaster.class.getName());
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);

    private final Membership membership;
    private final HttpClient http;

    AskMaster(Membership membership) {
        this.membership = membership;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    /**
     * A question.
     *
     * @param method HTTP method
     * @param pathAndQuery raw
     * @param headers to send along
     * @param body empty for none
     */
    record Question(String method, String pathAndQuery, Map<String, String> headers, String body) {}

    /**
     * Asks one master after the other until one has an answer that is not its own trouble. Where one has failed at the
     * question and none has done better, the answer is that failure.
     *
     * @throws HoldfastException UNAVAILABLE when no master answers
     */
    HttpResponse<String> ask(Question question) {
        Optional<HttpResponse<String>> defect = Optional.empty();
        for (String master : membership.masters()) {
            try {
                var answer = http.send(request(master, question), HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() / 100 != 5) {
                    return answer;
                }
                LOG.log(Level.WARNING, "{0} answered {1}: {2}", master, answer.statusCode(), answer.body());
                if (Problem.isBug(answer.statusCode(), answer.body())) {
                    defect = Optional.of(answer);
                }
            } catch (IOException e) {
                LOG.log(Level.WARNING, "{0} does not answer: {1}", master, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw HoldfastException.of(FailureKind.UNAVAILABLE, "unavailable", "This node is stopping.", e);
            }
        }
        return defect.orElseThrow(() -> HoldfastException.comeBack(
                "unavailable", "This node reaches no master at the moment.", Duration.ofSeconds(2)));
    }

    private static HttpRequest request(String master, Question question) {
        var request =
                HttpRequest.newBuilder(uri(master + question.pathAndQuery)).timeout(ANSWER_TIMEOUT);
        question.headers.forEach(request::header);
        return request.method(
                        question.method,
                        question.body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(question.body))
                .build();
    }

    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw HoldfastException.of(
                    FailureKind.INVALID, "invalid-parameter", "The address or its query is not a valid URL.", e);
        }
    }

    /** Those of the named headers that a request has, and who sends it. */
    static Map<String, String> headersOf(HttpServletRequest request, Collection<String> names) {
        var into = new HashMap<String, String>();
        into.put(CertifiedName.CLIENT, String.valueOf(request.getRemoteAddr()));
        for (String name : names) {
            // A list that is sent in several lines is one (RFC 9110, section 5.3).
            String value = String.join(", ", Collections.list(request.getHeaders(name)));
            if (!value.isEmpty()) {
                into.put(name, value);
            }
        }
        return into;
    }
}
