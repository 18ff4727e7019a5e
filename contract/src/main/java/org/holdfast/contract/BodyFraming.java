package org.holdfast.contract;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a request says where its body ends (RFC 9112, section 6). Payara reads a {@code Transfer-Encoding} that it does not
 * know as no body at all, and would take the body for the next request; so whatever is not plain {@code chunked} is refused
 * before anything is done, and the connection closed.
 */
public final class BodyFraming {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_IMPLEMENTED = 501;

    private static final Pattern LENGTH = Pattern.compile("(?i)\\ncontent-length[ \t]*:");
    private static final Pattern VERSION = Pattern.compile("^[^\r\n]* HTTP/1\\.1\\s*[\r\n]");

    private BodyFraming() {}

    /**
     * Why a request can't be answered, if it can't.
     *
     * @param servletRequest as the container gave it, in no wrapper
     * @param transferEncodings the values of all its headers of that name
     */
    public static Optional<Problem> refusal(Object servletRequest, List<String> transferEncodings) {
        if (transferEncodings.isEmpty()) {
            return Optional.empty();
        }
        try {
            // The container drops a Content-Length beside chunks, and nobody can ask for it.
            return refusal(transferEncodings, Grizzly.head(servletRequest));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the head of a request can't be read", e);
        }
    }

    static Optional<Problem> refusal(List<String> transferEncodings, String head) {
        if (transferEncodings.size() > 1 || !transferEncodings.get(0).strip().equalsIgnoreCase("chunked")) {
            return Optional.of(new Problem(
                    NOT_IMPLEMENTED,
                    "Not implemented",
                    "Of transfer encodings, \"chunked\" alone is understood; nothing was done.",
                    "transfer-encoding",
                    Optional.empty()));
        }
        if (LENGTH.matcher(head).find() || !VERSION.matcher(head).find()) {
            return Optional.of(new Problem(
                    BAD_REQUEST,
                    "Bad request",
                    "A body in chunks has no Content-Length, and comes by HTTP/1.1; nothing was done.",
                    "transfer-encoding",
                    Optional.empty()));
        }
        return Optional.empty();
    }
}
