package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an administrator finds who looks in the morning.
 *
 * @param components state of each, as the launcher sees it
 * @param nodes status of each, as the masters see it
 * @param store the whole, as {@code /api/v1/cluster} tells it
 * @param alarms those that have not ended
 * @param lacking versions that lack a copy, or have one on its way
 */
record Morning(
        Map<String, String> components, Map<String, String> nodes, JsonObject store, JsonArray alarms, long lacking) {

    /** Looks until all is well; fails with what is not when it has taken longer than this. */
    static Morning awaitAllWell(TestCluster cluster, Duration longest) {
        var last = new Morning[1];
        await().atMost(longest)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    last[0] = of(cluster);
                    last[0].assertAllIsWell();
                });
        return last[0];
    }

    private static Morning of(TestCluster cluster) {
        return new Morning(
                cluster.status().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                component -> component.getValue().state())),
                cluster.nodeStates(),
                cluster.http()
                        .get(cluster.api("cluster"))
                        .expect(200)
                        .json()
                        .getJsonArray("cluster")
                        .getJsonObject(0),
                cluster.http().get(cluster.api("alarms")).expect(200).json().getJsonArray("alarms"),
                Long.parseLong(cluster.sql("SELECT COUNT(*) FROM under_replicated")
                        .get(0)
                        .get(0)));
    }

    private void assertAllIsWell() {
        assertThat(components.values()).as("components").containsOnly("ready");
        assertThat(nodes.values()).as("nodes").containsOnly("running");
        assertThat(lacking).as("versions that lack copies: %s", store).isZero();
        assertThat(store.getInt("copiesMissing"))
                .as("missing copies: %s", store)
                .isZero();
        assertThat(alarms).as("alarms").isEmpty();
    }

    /**
     * For people to read.
     *
     * @param wellAfter the load had gone
     * @param checked names that were read back, with all their copies on the disks
     * @param load who worked in the night
     */
    String table(Duration wellAfter, int checked, Load load) {
        var text = new StringBuilder();
        row(text, "components", counted(components));
        row(text, "nodes", counted(nodes));
        row(text, "files", String.format(Locale.ROOT, "%,d", store.getInt("files")));
        row(
                text,
                "copies",
                String.format(
                        Locale.ROOT,
                        "%,d of %,d wanted, %,d missing",
                        store.getInt("copiesGood"),
                        store.getInt("copiesWanted"),
                        store.getInt("copiesMissing")));
        row(text, "verdict", store.getString("verdict"));
        row(text, "alarms", alarms.isEmpty() ? "none" : alarms.toString());
        row(text, "the night's work", load.toString());
        row(
                text,
                "writes checked",
                String.format(Locale.ROOT, "the last acknowledged one of each of %,d names; 0 lost", checked));
        row(text, "all well after", wellAfter.toSeconds() + " s, with nobody's help");
        return text.toString();
    }

    private static void row(StringBuilder text, String what, String value) {
        text.append(String.format(Locale.ROOT, "  %-17s %s%n", what, value));
    }

    /** As in {@code 7 ready (m1 sn1 …)}. */
    private static String counted(Map<String, String> states) {
        return states.entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue, Collectors.mapping(Map.Entry::getKey, Collectors.toList())))
                .entrySet()
                .stream()
                .map(state -> state.getValue().size() + " " + state.getKey() + " ("
                        + state.getValue().stream().sorted().collect(Collectors.joining(" ")) + ")")
                .collect(Collectors.joining(", "));
    }
}
