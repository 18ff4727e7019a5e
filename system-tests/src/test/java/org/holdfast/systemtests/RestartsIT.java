package org.holdfast.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What dies by itself is started again by the launcher. */
@Tag("slow")
@Order(67)
@ExtendWith(SharedCluster.class)
@SharedCluster.Of(SharedCluster.Kind.UNTOUCHED)
class RestartsIT {
    private final TestCluster cluster;

    RestartsIT(TestCluster cluster) {
        this.cluster = cluster;
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
