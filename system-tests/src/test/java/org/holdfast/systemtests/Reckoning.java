package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The final check: every acknowledged file reads back right, and all its wanted copies are right on the disks. */
final class Reckoning {
    private static final Duration HEALED = Duration.ofMinutes(3);

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
        StoredFiles.awaitAllGood(cluster, HEALED);
        assertThat(reckoning.faults()).as("%s", load).isEmpty();
    }

    private List<String> faults() {
        List<String> faults = new ArrayList<>();
        // Nodes move files while they are listed.
        Map<String, List<Path>> disks = await().ignoreExceptions().until(this::disks, all -> true);
        for (String name : history.names()) {
            Http.Answer answer = cluster.http().follow(cluster.api("files", name));
            String content = answer.status() == 404
                    ? History.ABSENT
                    : answer.status() == 200 ? Bytes.sha256(answer.bytes()) : "status " + answer.status();
            if (!history.of(name).allows(content)) {
                faults.add(name + " reads as " + content + " where " + history.of(name) + " was promised");
            } else if (!content.equals(History.ABSENT)) {
                faults.addAll(badCopies(name, content, disks));
            }
        }
        return faults;
    }

    private List<String> badCopies(String name, String content, Map<String, List<Path>> disks) {
        Copies copies = Copies.of(cluster, name);
        List<Path> files = disks.getOrDefault(copies.blob(), List.of());
        List<String> faults = new ArrayList<>();
        for (String node : copies.verified()) {
            boolean right = files.stream()
                    .filter(file -> file.startsWith(disk(node)))
                    .anyMatch(file -> Bytes.sha256(file).equals(content));
            if (!right) {
                faults.add(name + " has no good copy on the disk of " + node + ", whatever the catalog says");
            }
        }
        if (copies.verified().size() < copies.wanted()) {
            faults.add(name + " has too few verified copies: " + copies);
        }
        return faults;
    }

    /** The files of blobs, by their names, on all nodes; quarantined ones left out. */
    private Map<String, List<Path>> disks() {
        try (Stream<Path> files = Files.walk(cluster.data().resolve("nodes"))) {
            return files.filter(file -> !file.toString().contains("/quarantine/"))
                    .filter(Files::isRegularFile)
                    .collect(java.util.stream.Collectors.groupingBy(
                            file -> file.getFileName().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path disk(String node) {
        return cluster.data().resolve("nodes").resolve(node);
    }
}
