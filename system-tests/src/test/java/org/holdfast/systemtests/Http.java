package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** A plain HTTP/1.1 client that signs in with Basic and, unlike curl -L, shows every redirect. */
final class Http {
    /** Longer than any answer may take on a busy machine; a hang is a failure. */
    private static final Duration LIMIT = Patience.SOON;

    private static final HttpClient CLIENT = client(Trust.context());

    private final Optional<String> authorization;
    private final HttpClient client;

    private Http(Optional<String> authorization, HttpClient client) {
        this.authorization = authorization;
        this.client = client;
    }

    static Http anonymous() {
        return new Http(Optional.empty(), CLIENT);
    }

    /** The same through another TLS context: one with a certificate, or with other trust. */
    Http within(SSLContext context) {
        return new Http(authorization, client(context));
    }

    private static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder()
                .sslContext(context)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(20))
                .build();
    }

    static Http signedInAs(String user, String password) {
        String pair = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
        return authorizedBy("Basic " + pair);
    }

    static Http authorizedBy(String header) {
        return new Http(Optional.of(header), CLIENT);
    }

    /** An answer, read whole. */
    record Answer(HttpResponse<byte[]> response) {
        int status() {
            return response.statusCode();
        }

        byte[] bytes() {
            return response.body();
        }

        String text() {
            return new String(response.body(), UTF_8);
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        String requireHeader(String name) {
            return header(name)
                    .orElseThrow(() -> new AssertionError("no header " + name + " in " + status() + " "
                            + response.headers().map()));
        }

        JsonObject json() {
            try (var reader = Json.createReader(new ByteArrayInputStream(response.body()))) {
                return reader.readObject();
            }
        }

        /** Fails with the answer's own words unless it has this status. */
        Answer expect(int wanted) {
            assertThat(status())
                    .as("status of %s %s: %s", response.request().method(), response.uri(), abridged())
                    .isEqualTo(wanted);
            return this;
        }

        private String abridged() {
            String text = text();
            return text.length() > 600 ? text.substring(0, 600) + "…" : text;
        }
    }

    Answer get(URI uri, String... headers) {
        return send("GET", uri, BodyPublishers.noBody(), headers);
    }

    Answer head(URI uri, String... headers) {
        return send("HEAD", uri, BodyPublishers.noBody(), headers);
    }

    Answer delete(URI uri, String... headers) {
        return send("DELETE", uri, BodyPublishers.noBody(), headers);
    }

    Answer put(URI uri, byte[] body, String... headers) {
        return send("PUT", uri, BodyPublishers.ofByteArray(body), headers);
    }

    Answer post(URI uri, String body, String... headers) {
        return send("POST", uri, BodyPublishers.ofString(body), headers);
    }

    Answer patch(URI uri, String json) {
        return send("PATCH", uri, BodyPublishers.ofString(json), "Content-Type", "application/json");
    }

    /** As curl -L: goes where a 307 leads to, without the password, and repeats the other headers. */
    Answer follow(URI uri, String... headers) {
        Answer answer = get(uri, headers);
        for (int hops = 0; answer.status() == 307 && hops < 5; hops++) {
            answer = anonymous().get(URI.create(answer.requireHeader("Location")), headers);
        }
        return answer;
    }

    /** @param headers name, value, name, value… */
    Answer send(String method, URI uri, BodyPublisher body, String... headers) {
        return new Answer(exchange(client, request(method, uri, body, headers), BodyHandlers.ofByteArray()));
    }

    /** The request, to be sent in whatever way a test needs. */
    HttpRequest request(String method, URI uri, BodyPublisher body, String... headers) {
        var builder = HttpRequest.newBuilder(uri).method(method, body).timeout(LIMIT);
        authorization.ifPresent(value -> builder.header("Authorization", value));
        if (headers.length > 0) {
            builder.headers(headers);
        }
        return builder.build();
    }

    static <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        return exchange(CLIENT, request, handler);
    }

    private static <T> HttpResponse<T> exchange(
            HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static HttpClient client() {
        return CLIENT;
    }

    /** A JSON body of one or more text members. */
    static String json(Map<String, String> members) {
        var object = Json.createObjectBuilder();
        members.forEach(object::add);
        return object.build().toString();
    }
}
