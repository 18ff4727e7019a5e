package org.holdfast.contract;

import jakarta.json.JsonException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** Sets a {@link ClusterClock} by what masters answer. Thread-safe. */
public final class AskTime {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final ClusterClock clock;
    private final HttpClient http;

    public AskTime(ClusterClock clock) {
        this.clock = clock;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .build();
    }

    /**
     * Asks one after the other until one has answered; waits at most 2 s for each.
     *
     * @param masters base URLs
     * @param node name of the node that asks
     * @param keys with which masters seal the time for this node
     * @return whether one has; its seal was right
     */
    public boolean from(Collection<String> masters, String node, SecretKeys keys) {
        for (String member : masters) {
            try {
                if (ask(member, node, keys)) {
                    return true;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (IOException | JsonException | IllegalArgumentException | HoldfastException e) {
                System.getLogger(AskTime.class.getName()).log(System.Logger.Level.DEBUG, "no time from " + member, e);
            }
        }
        return false;
    }

    private boolean ask(String member, String node, SecretKeys keys) throws IOException, InterruptedException {
        String nonce = Ulid.next(clock);
        var request = HttpRequest.newBuilder(
                        URI.create(member + ClockReading.PATH + "?node=" + node + "&nonce=" + nonce))
                .timeout(TIMEOUT)
                .build();
        Instant asked = clock.own();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        Instant answered = clock.own();
        if (answer.statusCode() != 200) {
            return false;
        }
        try (var reader = JsonText.reader(answer.body())) {
            var reading = ClockReading.fromJson(reader.readObject());
            if (!reading.isTrue(nonce, keys)) {
                return false;
            }
            clock.learn(reading.now(), asked, answered);
            return true;
        }
    }
}
