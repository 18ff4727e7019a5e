package org.holdfast.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Older versions of a file: kept, read, restored, and gone with it. */
@Order(11)
@SharedCluster.Of
class VersionsIT {
    private final TestCluster cluster;
    private final Http http;

    VersionsIT(TestCluster cluster) {
        this.cluster = cluster;
        this.http = cluster.http();
    }

    private Http.Answer send(String path, String json) {
        return http.send("POST", cluster.api(path), BodyPublishers.ofString(json), "Content-Type", "application/json");
    }

    private List<Integer> numbers(String name) {
        return http.get(cluster.api("versions", name)).expect(200).json().getJsonArray("versions").stream()
                .map(row -> row.asJsonObject().getInt("version"))
                .toList();
    }

    private JsonObject namespace() {
        return http.get(cluster.api("namespaces/kept"))
                .expect(200)
                .json()
                .getJsonArray("namespaces")
                .getJsonObject(0);
    }

    @Test
    void olderVersionsAreKeptReadRestoredAndGoWithTheirFile() {
        String name = "kept/plan.txt";
        URI file = cluster.api("files", name);
        assertThat(send("namespaces", "{\"name\":\"kept\",\"versionsKept\":1}")
                        .expect(201)
                        .json()
                        .getInt("versionsKept"))
                .isOne();
        assertThat(cluster.holdfast("namespace", "set", "kept", "--versions", "2"))
                .contains("VERSIONSKEPT");
        for (String text : List.of("one", "two", "three", "four")) {
            http.put(file, text.getBytes(UTF_8), "Content-Type", "text/plain").expect(201);
        }
        assertThat(numbers(name)).containsExactly(4, 3, 2);
        assertThat(namespace().getInt("bytes")).isEqualTo("twothreefour".length());
        await().untilAsserted(() -> assertThat(
                        cluster.sql("SELECT path, version FROM under_replicated WHERE namespace = 'kept'"))
                .isEmpty());

        assertThat(http.follow(URI.create(file + "?version=2")).expect(200).text())
                .isEqualTo("two");
        var head = http.head(URI.create(file + "?version=2")).expect(200);
        assertThat(head.requireHeader("Holdfast-Version")).isEqualTo("2");
        assertThat(head.requireHeader("Content-Length")).isEqualTo("3");
        http.get(URI.create(file + "?version=2"), "If-None-Match", head.requireHeader("ETag"))
                .expect(304);
        http.get(URI.create(file + "?version=1")).expect(404);
        http.get(URI.create(file + "?version=0")).expect(400);
        http.delete(URI.create(file + "?version=2")).expect(400);
        assertThat(cluster.holdfast("get", name, "--version", "3", "-")).isEqualTo("three");

        assertThat(cluster.holdfast("restore", name, "2")).isEqualTo(name + " is version 2 again, as version 5\n");
        assertThat(http.follow(file).expect(200).text()).isEqualTo("two");
        assertThat(cluster.holdfast("versions", name).lines().map(line -> line.replaceAll(" .*", "")))
                .containsExactly("VERSION", "5", "4", "3");
        send("versions/" + name, "{\"version\":2}").expect(404);
        send("versions/" + name, "{}").expect(400);

        http.delete(file).expect(204);
        http.get(cluster.api("versions", name)).expect(404);
        assertThat(namespace().getInt("files")).isZero();
        assertThat(namespace().getInt("bytes")).isZero();
        assertThat(cluster.sql("SELECT DISTINCT r.state FROM replica r JOIN change_log c"
                        + " ON c.dropped_blob_id = r.blob_id WHERE c.path = '" + name + "' AND r.state <> 'DELETING'"))
                .isEmpty();
    }
}
