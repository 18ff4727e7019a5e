package org.holdfast.storage.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Passes a master's answer on to the client. */
final class MasterAnswer {
    /** What an answer may say; a connection's own headers are not passed on. */
    private static final List<String> PASSED = List.of(
            "Location",
            "Link",
            "ETag",
            "Last-Modified",
            "Cache-Control",
            "Content-MD5",
            "Repr-Digest",
            "Holdfast-Version",
            "WWW-Authenticate",
            "Retry-After",
            "Content-Type",
            "Accept-Ranges",
            "Content-Disposition");

    private MasterAnswer() {}

    static void pass(HttpResponse<String> answer, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        for (String name : PASSED) {
            answer.headers().allValues(name).forEach(value -> response.addHeader(name, value));
        }
        if (answer.statusCode() >= HttpServletResponse.SC_BAD_REQUEST) {
            Answers.problemText(request, response, answer.statusCode(), answer.body());
            return;
        }
        response.setStatus(answer.statusCode());
        if (request.getMethod().equals("HEAD")) {
            answer.headers().firstValueAsLong("Content-Length").ifPresent(response::setContentLengthLong);
            return;
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
