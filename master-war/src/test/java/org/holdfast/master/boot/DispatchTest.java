package org.holdfast.master.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.holdfast.contract.TaskQueues;
import org.holdfast.master.cluster.TestNodes;
import org.holdfast.master.fixture.LocalBroker;
import org.holdfast.master.fixture.TestMaster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DispatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final LocalBroker BROKER = new LocalBroker();

    @RegisterExtension
    final TestMaster master = new TestMaster(BROKER.config());

    @BeforeEach
    void twoNodes() {
        var unused = TestNodes.running(master, "sn1", "sn2");
    }

    private Dispatch dispatch() {
        return master.get(Dispatch.class);
    }

    private List<String> ids() throws Exception {
        return master.rows("SELECT id FROM task ORDER BY id");
    }

    private static List<String> arrive(int count) {
        List<String> texts = new ArrayList<>();
        Awaitility.await().atMost(PATIENCE).until(() -> {
            texts.addAll(BROKER.take(TaskQueues.NORMAL));
            return texts.size() >= count;
        });
        return texts;
    }

    @Test
    void tasksReachTheBrokerOnce() throws Exception {
        try (var running = new RunningLoops(List.of(dispatch().loop()))) {
            assertThat(running).isNotNull();
            for (int i = 0; i < 20; i++) {
                assertThat(master.put("admin/f" + i).version()).isEqualTo(1);
            }
            var texts = arrive(20);
            for (String id : ids()) {
                assertThat(texts).filteredOn(text -> text.contains(id)).hasSize(1);
            }
            assertThat(dispatch().isConnected()).isTrue();
        }
        assertThat(master.count("SELECT COUNT(*) FROM task WHERE sent_at IS NULL"))
                .isZero();
        assertThat(BROKER.take(TaskQueues.NORMAL)).isEmpty();
    }

    @Test
    void tasksStayInTheOutboxWhileTheBrokerIsAway() throws Exception {
        BROKER.stop();
        try (var running = new RunningLoops(List.of(dispatch().loop()))) {
            assertThat(running).isNotNull();
            assertThat(master.put("admin/a").durableCopies()).isEqualTo(1);
            Awaitility.await()
                    .during(Duration.ofMillis(500))
                    .atMost(PATIENCE)
                    .until(() -> master.rows("SELECT state, attempt, sent_at FROM task")
                            .equals(List.of("QUEUED 1 -")));
            assertThat(dispatch().isConnected()).isFalse();
            BROKER.start();
            assertThat(arrive(1)).hasSize(1);
        }
    }

    @Test
    void tasksThatWereClaimedWhenTheBrokerDiedAreGivenBackAndSentLater() throws Exception {
        try (var running = new RunningLoops(List.of(dispatch().loop()))) {
            assertThat(running).isNotNull();
            assertThat(master.put("admin/a").version()).isEqualTo(1);
            assertThat(arrive(1)).hasSize(1);
            BROKER.stop();
            assertThat(master.put("admin/b").version()).isEqualTo(1);
            Awaitility.await().atMost(PATIENCE).until(() -> !dispatch().isConnected());
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(master.rows("SELECT attempt, sent_at FROM task WHERE path = 'admin/b'"))
                                    .containsExactly("1 -"));
            BROKER.start();
            assertThat(arrive(1)).hasSize(1).allMatch(text -> text.contains("\"path\":\"b\""));
        }
    }
}
