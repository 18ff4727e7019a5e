package org.holdfast.contract;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Calls with small JSON bodies between members, signed where no ticket speaks for them. Thread-safe; connections are kept alive.
 *
 * <p>HTTP/1.1 only: HTTP/2 was measured to cost more than it gives between nodes.
 */
public final class ClusterCall {
    private final HttpClient http;
    private final Optional<SignedCall> signature;

    /** Calls that wait for a connection no longer than {@code connectTimeout}. */
    public ClusterCall(SignedCall signature, Duration connectTimeout) {
        this(client(connectTimeout), Optional.of(signature));
    }

    private ClusterCall(HttpClient http, Optional<SignedCall> signature) {
        this.http = http;
        this.signature = signature;
    }

    /** Calls that nobody signs: what they may do, the ticket in their address says. */
    public static ClusterCall unsigned(Duration connectTimeout) {
        return new ClusterCall(client(connectTimeout), Optional.empty());
    }

    /** The same connections, with a signature for another member. */
    public ClusterCall signedBy(SignedCall other) {
        return new ClusterCall(http, Optional.of(other));
    }

    private static HttpClient client(Duration connectTimeout) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .build();
    }

    /**
     * An answer of whatever status.
     *
     * @param status HTTP status
     * @param body raw text
     * @param retryAfter what the member asked to wait, where it did
     * @param receipt what a storage node says of its copy, as {@link Receipts} have it
     */
    public record Answer(int status, String body, Optional<Duration> retryAfter, Optional<String> receipt) {
        /** An answer that asks for no wait and brings no receipt. */
        public Answer(int status, String body) {
            this(status, body, Optional.empty(), Optional.empty());
        }

        /** Reads the headers; of Retry-After the seconds, for the form with a date is not used between members. */
        static Answer of(int status, String body, Function<String, Optional<String>> headers) {
            var retryAfter = headers.apply("Retry-After")
                    .filter(text -> text.matches("\\d{1,9}"))
                    .map(text -> Duration.ofSeconds(Long.parseLong(text)));
            return new Answer(status, body, retryAfter, headers.apply(Receipts.HEADER));
        }

        public boolean isSuccess() {
            return status / 100 == 2;
        }

        /** Whether the member answered and failed at this call: it will again, and is not to be taken for absent. */
        public boolean isDefect() {
            return Problem.isBug(status, body);
        }

        /** The code of the problem that it tells of; an empty string when it tells of none. */
        public String code() {
            return json().map(json -> json.getString("code", "")).orElse("");
        }

        /** The body as a JSON object; empty for anything else. */
        public Optional<JsonObject> json() {
            try (var reader = JsonText.reader(body)) {
                return Optional.of(reader.readObject());
            } catch (JsonException e) {
                return Optional.empty();
            }
        }
    }

    /**
     * Sends and waits.
     *
     * @param timeout bound on the whole exchange
     * @throws IOException when no answer came; whether the call was carried out is then unknown
     */
    public Answer send(String method, URI uri, Optional<JsonObject> body, Duration timeout) throws IOException {
        try {
            return answer(http.send(request(method, uri, body, timeout), HttpResponse.BodyHandlers.ofString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + uri, e);
        }
    }

    /** As {@link #send}, without waiting; fails with an IOException. */
    public CompletableFuture<Answer> sendAsync(String method, URI uri, Optional<JsonObject> body, Duration timeout) {
        return http.sendAsync(request(method, uri, body, timeout), HttpResponse.BodyHandlers.ofString())
                .thenApply(ClusterCall::answer);
    }

    private HttpRequest request(String method, URI uri, Optional<JsonObject> body, Duration timeout) {
        byte[] octets = body.map(JsonObject::toString).orElse("").getBytes(StandardCharsets.UTF_8);
        var request = HttpRequest.newBuilder(uri).timeout(timeout);
        String target = SignedCall.pathAndQuery(uri.getRawPath(), uri.getRawQuery());
        signature.ifPresent(own -> request.header("Authorization", own.authorize(method, target, octets)));
        if (body.isPresent()) {
            request.header("Content-Type", "application/json");
        }
        return request.method(
                        method,
                        body.isPresent()
                                ? HttpRequest.BodyPublishers.ofByteArray(octets)
                                : HttpRequest.BodyPublishers.noBody())
                .build();
    }

    private static Answer answer(HttpResponse<String> response) {
        return Answer.of(response.statusCode(), response.body(), response.headers()::firstValue);
    }
}
