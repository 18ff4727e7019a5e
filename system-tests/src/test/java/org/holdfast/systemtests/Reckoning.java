package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The final check: every acknowledged file reads back right, and all its wanted copies are right on the disks. */
final class Reckoning {
    private final TestCluster cluster;
    private final History history;

    private Reckoning(TestCluster cluster, History history) {
        this.cluster = cluster;
        this.history = history;
    }

    /** Waits until the cluster has come to rest, and fails when it has broken a promise. */
    static void hold(TestCluster cluster, History history, Load load) {
        load.close();
        var reckoning = new Reckoning(cluster, history);
        assertThat(load.broken()).as("what readers found").isEmpty();
        StoredFiles.awaitAllGood(cluster);
        // Hundreds of files take their time.
        await().atMost(Patience.SOON.multipliedBy(2))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () -> assertThat(reckoning.faults()).as("%s", load).isEmpty());
    }

    private List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (String name : history.names()) {
            Http.Answer answer = cluster.http().follow(cluster.api("files", name));
            String content = answer.status() == 404
                    ? History.ABSENT
                    : answer.status() == 200 ? Bytes.sha256(answer.bytes()) : "status " + answer.status();
            if (!history.of(name).allows(content)) {
                faults.add(name + " reads as " + content + " where " + history.of(name) + " was promised");
            } else if (!content.equals(History.ABSENT)) {
                faults.addAll(badCopies(name, content));
            }
        }
        return faults;
    }

    private List<String> badCopies(String name, String content) {
        Copies copies = Copies.of(cluster, name);
        List<String> faults = new ArrayList<>();
        for (String node : copies.verified()) {
            if (!BlobFiles.of(cluster, node).holds(copies.blob(), content)) {
                faults.add(name + " has no good copy on the disk of " + node + ", whatever the catalog says");
            }
        }
        if (copies.verified().size() < copies.wanted()) {
            faults.add(name + " has too few verified copies: " + copies);
        }
        return faults;
    }
}
