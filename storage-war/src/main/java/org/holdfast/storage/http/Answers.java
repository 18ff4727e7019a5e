package org.holdfast.storage.http;

import jakarta.json.JsonException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.holdfast.contract.FailureKind;
import org.holdfast.contract.HoldfastException;
import org.holdfast.contract.JsonText;
import org.holdfast.contract.Problem;
import org.holdfast.contract.PromptBody;
import org.holdfast.contract.Receipts;

/** Writes small answers. */
final class Answers {
    /** What a client may still send after an error before the connection is cut. */
    private static final long LINGER_BYTES = 64L << 20;

    /** Lingering is a courtesy: when many uploads are refused at once, most must do without, for the threads' sake. */
    private static final Semaphore LINGERING = new Semaphore(64);

    private static final String BROKEN_BODY = "org.holdfast.broken-body";
    private static final Duration LINGER = Duration.ofSeconds(5);
    private static final int DRAIN_BUFFER_BYTES = 64 * 1024;

    private Answers() {}

    static void json(HttpServletResponse response, int status, String json) throws IOException {
        text(response, status, "application/json", json);
    }

    private static void text(HttpServletResponse response, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    /** The boundary's only way out for a failure. */
    static void problem(HttpServletRequest request, HttpServletResponse response, Problem problem) throws IOException {
        String receipt = response.getHeader(Receipts.HEADER);
        response.reset();
        if (receipt != null) {
            response.setHeader(Receipts.HEADER, receipt);
        }
        problem.retryAfterSeconds().ifPresent(wait -> response.setHeader("Retry-After", Long.toString(wait)));
        if (problem.status() == HttpServletResponse.SC_UNAUTHORIZED) {
            response.setHeader("WWW-Authenticate", "Basic realm=\"Holdfast\"");
        }
        problemText(request, response, problem.status(), problem.toJson());
    }

    /** A problem in its text form; the rest of a request's body is taken from the line so that the client sees it. */
    static void problemText(HttpServletRequest request, HttpServletResponse response, int status, String json)
            throws IOException {
        response.setHeader("Cache-Control", "no-store");
        if (request.getAttribute(AuditNote.CODE) == null) {
            request.setAttribute(AuditNote.CODE, codeOf(json));
        }
        boolean body = hasBody(request);
        if (body) {
            response.setHeader("Connection", "close");
        }
        text(response, status, Problem.MEDIA_TYPE, json);
        if (body && request.getAttribute(BROKEN_BODY) == null && LINGERING.tryAcquire()) {
            try {
                response.flushBuffer();
                drain(request, LINGER_BYTES);
            } finally {
                LINGERING.release();
            }
        }
    }

    private static String codeOf(String json) {
        try (var reader = JsonText.reader(json)) {
            return reader.readObject().getString("code", "");
        } catch (JsonException | ClassCastException e) {
            return "";
        }
    }

    /** Tells that nothing more will come of a request's body, so that no answer waits for it. */
    static void bodyIsBroken(HttpServletRequest request) {
        request.setAttribute(BROKEN_BODY, true);
    }

    /** For a Range behind the end. */
    static Problem unsatisfiableRange(long sizeBytes) {
        return new Problem(
                HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE,
                "Range not satisfiable",
                "The file has " + sizeBytes + " bytes; the range lies behind its end.",
                "range-not-satisfiable",
                Optional.empty());
    }

    static HoldfastException notFound(String sentence) {
        return HoldfastException.of(FailureKind.NOT_FOUND, "not-found", sentence);
    }

    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    /**
     * Reads and forgets a body. A connection that is closed with unread bytes is reset, and a reset may overtake the
     * answer; so a client that does not look up while it sends gets some seconds to notice.
     */
    static void drain(HttpServletRequest request, long limitBytes) {
        var buffer = new byte[DRAIN_BUFFER_BYTES];
        try {
            InputStream rest = PromptBody.of(request.getInputStream(), LINGER, request);
            long drained = 0;
            while (drained < limitBytes) {
                int length = rest.read(buffer);
                if (length < 0) {
                    return;
                }
                drained += length;
            }
        } catch (IOException | HoldfastException e) {
            // The client has gone, which is what the draining waits for, or does not look up.
            System.getLogger(Answers.class.getName()).log(System.Logger.Level.TRACE, "client left", e);
        }
    }
}
