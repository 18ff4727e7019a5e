package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.holdfast.systemtests.RefusalsIT.assertProblem;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What dies by itself is started again by the launcher. */
@Tag("slow")
@Order(67)
@SharedCluster.Of(SharedCluster.Kind.UNTOUCHED)
class RestartsIT {
    private final TestCluster cluster;

    RestartsIT(TestCluster cluster) {
        this.cluster = cluster;
    }

    /** Frozen, it is as a server is whose packets vanish: connections stand, and nothing comes back. */
    @Test
    void aSilentDatabaseIsToldWithinTenSecondsAndComesBack() {
        cluster.node("pause", "mariadb");
        try {
            long beginNanos = System.nanoTime();
            var answer = cluster.http().get(cluster.api("folders", "admin")).expect(503);
            assertThat(answer.requireHeader("Retry-After")).isNotEmpty();
            assertProblem(answer, "unavailable");
            assertThat(Duration.ofNanos(System.nanoTime() - beginNanos))
                    .isLessThan(Patience.promised(Duration.ofSeconds(10)));
            assertThat(cluster.http()
                            .get(cluster.url().resolve("/health/ready"))
                            .status())
                    .isEqualTo(503);
        } finally {
            cluster.node("resume", "mariadb");
        }
        await().untilAsserted(() -> assertThat(
                        cluster.http().get(cluster.api("folders", "admin")).status())
                .isEqualTo(200));
    }

    @Test
    void aMasterThatBootsWaitsForItsDatabase() {
        cluster.node("kill", "mariadb");
        cluster.kill("m1");
        Path log = cluster.data().resolve("logs/m1.log");
        await().until(() -> Files.readString(log).contains("waits for the database, "));
        cluster.node("start", "mariadb");
        cluster.awaitAllNodesRunning();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sn2", "worker1", "broker", "mariadb", "m1"})
    void whatDiesComesBackByItself(String name) {
        long before = cluster.component(name).pid();
        cluster.kill(name);
        await().ignoreExceptions().untilAsserted(() -> {
            assertThat(cluster.component(name).state()).isEqualTo("ready");
            assertThat(cluster.component(name).pid()).isNotEqualTo(before);
        });
        cluster.awaitAllNodesRunning();
        cluster.http()
                .put(cluster.api("files", "admin/restarts/" + name), new byte[10])
                .expect(201);
    }
}
