package org.holdfast.systemtests;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What happens to the components of a cluster in a night, each thing once; nobody mends anything. */
final class Night {
    private static final Set<String> READY = Set.of("ready");
    private static final int LONGEST_FREEZE_SECONDS = 10;
    /** Of the nodes, while they prove what they hold: borne, long enough to be down, and beyond all time-outs. */
    private static final List<Duration> FREEZES_OF_NODES =
            List.of(Duration.ofSeconds(2), Duration.ofSeconds(8), Duration.ofSeconds(30));

    private static final Duration FULL = Duration.ofSeconds(15);
    /** Where three hundred people and four other programs share two cores, a master boots for minutes. */
    private static final Duration BACK = Patience.SOON.multipliedBy(3);

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final TestCluster cluster;
    private final Random random;
    private final Diary diary;
    private int frozenInProof;

    Night(TestCluster cluster, Random random, Diary diary) {
        this.cluster = cluster;
        this.random = random;
        this.diary = diary;
    }

    /** How many nodes were frozen while they proved what they hold. */
    int frozenInProof() {
        return frozenInProof;
    }

    /** All but the nodes are killed and, as soon as they have a process again, frozen. */
    void strikeWhatServesNodes() {
        for (String component : shuffled("sn\\d+", false)) {
            kill(component);
            Duration freeze = Duration.ofSeconds(1 + random.nextInt(LONGEST_FREEZE_SECONDS));
            freeze(component, freeze, "");
        }
        await().atMost(BACK)
                .ignoreExceptions()
                .until(() ->
                        cluster.status().values().stream().allMatch(component -> READY.contains(component.state())));
        diary.note("all components are ready again, under load");
    }

    /** Each is killed, comes back, and is frozen in its proof. */
    void strikeNodes() {
        List<String> nodes = shuffled("sn\\d+", true);
        for (int number = 0; number < nodes.size(); number++) {
            String node = nodes.get(number);
            kill(node);
            awaitCatalog(node, Set.of("DOWN", "VERIFYING"));
            String status = awaitCatalog(node, Set.of("VERIFYING", "RUNNING", "FAILED"));
            boolean proves = status.equals("VERIFYING");
            freeze(node, FREEZES_OF_NODES.get(number % FREEZES_OF_NODES.size()), proves ? " in its proof" : "");
            frozenInProof += proves ? 1 : 0;
        }
    }

    /** The disk of all of them. */
    void fill(SmallDisk disk) throws IOException {
        if (!disk.isMounted()) {
            diary.note("no disk is filled: a file system of its own takes root's rights");
            return;
        }
        diary.note("the disk of all components is full for " + FULL.toSeconds() + " s");
        disk.fill();
        pass(FULL);
        disk.makeRoom();
    }

    private List<String> shuffled(String pattern, boolean matching) {
        List<String> names = new ArrayList<>(cluster.status().keySet());
        names.removeIf(name -> name.matches(pattern) != matching);
        Collections.sort(names);
        Collections.shuffle(names, random);
        return names;
    }

    private void kill(String component) {
        TestCluster.kill(pid(component));
        diary.note(component + " is killed");
    }

    private void freeze(String component, Duration time, String when) {
        long pid = pid(component);
        signal("STOP", pid);
        diary.note(component + " is frozen for " + time.toSeconds() + " s" + when);
        try {
            pass(time);
        } finally {
            signal("CONT", pid);
        }
    }

    /** What the catalog says of a node, as soon as it is one of these. Masters are too busy to be asked that often. */
    private String awaitCatalog(String node, Set<String> wanted) {
        return await().atMost(BACK)
                .pollInterval(LOOK_EVERY)
                .ignoreExceptions()
                .until(
                        () -> cluster.sql("SELECT status FROM storage_node WHERE name = '" + node + "'")
                                .get(0)
                                .get(0),
                        wanted::contains);
    }

    /** Of its process, as soon as it has one again. */
    private long pid(String component) {
        return await().ignoreExceptions()
                .until(() -> cluster.component(component).pid(), pid -> pid > 0);
    }

    private static void signal(String signal, long pid) {
        Program.of(TestCluster.SCRATCH, "kill", "-" + signal, Long.toString(pid))
                .run()
                .ok();
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plus(Patience.SOON)).until(() -> true);
    }
}
