package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A node is lost, and comes back: every file has its copies again, first elsewhere, and no more of them than wanted. */
@Order(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SharedCluster.Of(SharedCluster.Kind.HEALING)
class HealingIT {
    private final TestCluster cluster;
    private final StoredFiles files;

    HealingIT(TestCluster cluster) {
        this.cluster = cluster;
        this.files = new StoredFiles(cluster);
    }

    @BeforeAll
    void someFiles() {
        files.namespace("pair", 1);
        files.put("admin", 40, 20_000);
        files.put("pair", 20, 20_000);
        files.awaitAllGood();
    }

    @Test
    @Order(1)
    void theCopiesOfALostNodeAreMadeElsewhereAndWhatHasOneCopyLeftIsUrgent() {
        long lost = files.copiesOn("sn2", "'VERIFIED'");
        assertThat(lost).isPositive();
        cluster.kill("sn2");
        await().untilAsserted(() -> assertThat(cluster.nodeStates()).containsEntry("sn2", "down"));
        await().untilAsserted(() -> assertThat(files.one(good() + " AND n.name <> 'sn2'"))
                .as("good copies elsewhere")
                .isEqualTo(Integer.toString(40 * 3 + 20 * 2)));
        files.awaitAllGood();
        assertThat(files.one("SELECT COUNT(*) FROM task WHERE kind = 'REPLICATE' AND path LIKE 'pair/%'"
                        + " AND created_at > (SELECT status_since FROM storage_node WHERE name = 'sn2')"
                        + " AND urgency <> 0"))
                .as("one copy was left")
                .isEqualTo("0");
        files.readBack();
    }

    @Test
    @Order(2)
    void whenItIsBackWhatIsTooMuchGoes() {
        cluster.node("start", "sn2");
        cluster.awaitAllNodesRunning();
        files.awaitExactlyWanted();
        assertThat(files.one(good())).isEqualTo(Integer.toString(40 * 3 + 20 * 2));
        files.readBack();
    }

    private static String good() {
        return "SELECT COUNT(*) FROM replica r JOIN storage_node n ON n.id = r.node_id WHERE r.state = 'VERIFIED'";
    }
}
