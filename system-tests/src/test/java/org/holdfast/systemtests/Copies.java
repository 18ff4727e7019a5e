package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.util.Comparator;
import java.util.List;

/**
 * Where a file's copies are, as {@code /api/v1/replicas} tells it.
 *
 * @param all by priority, the origin first
 */
record Copies(String blob, String sha256, int wanted, List<Copy> all) {
    /** One of them. */
    record Copy(String node, String role, int priority, String state) {
        boolean isVerified() {
            return state.equals("verified");
        }
    }

    static Copies of(TestCluster cluster, String name) {
        JsonObject json =
                cluster.http().get(cluster.api("replicas", name)).expect(200).json();
        return new Copies(
                json.getString("blob"),
                json.getString("sha256"),
                json.getInt("wantedCopies"),
                json.getJsonArray("replicas").stream()
                        .map(row -> row.asJsonObject())
                        .map(row -> new Copy(
                                row.getString("node"),
                                row.getString("role"),
                                row.getInt("priority"),
                                row.getString("state")))
                        .sorted(Comparator.comparingInt(Copy::priority))
                        .toList());
    }

    /** Waits until every wanted copy is verified. */
    static Copies awaitAll(TestCluster cluster, String name) {
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(of(cluster, name))
                        .satisfies(copies -> assertThat(copies.verified()).hasSize(copies.wanted())));
        return of(cluster, name);
    }

    List<String> verified() {
        return all.stream().filter(Copy::isVerified).map(Copy::node).toList();
    }

    String origin() {
        return all.get(0).node();
    }
}
